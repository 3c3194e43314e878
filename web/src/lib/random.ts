/** A name that nobody else has. `crypto.randomUUID` is there in secure pages alone; a house may serve its own without TLS. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
