import { defineConfig } from "@playwright/test";

/** Journeys in Chromium. `SIGILL_URL` is the service; without it `SIGILL_BIN serve` is started (tests/service.ts). */
export default defineConfig({
  testDir: "tests",
  testMatch: "*.spec.ts",
  globalSetup: "./tests/service.ts",
  workers: 1,
  timeout: 60_000,
  // A shared machine may stall a browser. What fails twice is broken; what fails once is told of as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    locale: "sv-SE",
    acceptDownloads: true,
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
