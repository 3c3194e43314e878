//! An issuer on an ephemeral port, with real keys, that can be made to say anything.

use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
    RsaPublicKeyComponents,
};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

pub(crate) const AUDIENCE: &str = "sigill-test";

/// A key to sign tokens with.
pub(crate) enum Signer {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
}

impl Signer {
    pub(crate) fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
    }

    pub(crate) fn p256() -> Self {
        Self::Ec(Box::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()))
    }

    pub(crate) fn p384() -> Self {
        Self::Ec(Box::new(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap()))
    }

    /// As the issuer publishes it.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        match self {
            Self::Rsa(key) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
                json!({"kty": "RSA", "use": "sig", "kid": kid, "n": b64(&public.n), "e": b64(&public.e)})
            }
            Self::Ec(key) => {
                let point = &key.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let curve = if x.len() == 32 { "P-256" } else { "P-384" };
                json!({"kty": "EC", "kid": kid, "crv": curve, "x": b64(x), "y": b64(y)})
            }
        }
    }

    pub(crate) fn sign(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let how: &'static dyn RsaEncoding = match algorithm {
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    "PS256" => &RSA_PSS_SHA256,
                    "PS384" => &RSA_PSS_SHA384,
                    "PS512" => &RSA_PSS_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(how, &random, message, &mut signature).unwrap();
                signature
            }
            Self::Ec(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
        }
    }

    /// A token with a head and claims as they are given.
    pub(crate) fn raw(&self, head: &Value, claims: &Value) -> String {
        let message = unsigned(head, claims);
        let signature = self.sign(head["alg"].as_str().unwrap(), message.as_bytes());
        format!("{message}.{}", b64(&signature))
    }

    pub(crate) fn token(&self, algorithm: &str, kid: &str, claims: &Value) -> String {
        self.raw(&json!({"alg": algorithm, "kid": kid, "typ": "JWT"}), claims)
    }
}

pub(crate) fn b64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The part of a token that is signed.
pub(crate) fn unsigned(head: &Value, claims: &Value) -> String {
    format!("{}.{}", b64(head.to_string().as_bytes()), b64(claims.to_string().as_bytes()))
}

/// What the issuer says, and how often it was asked.
#[derive(Default)]
pub(crate) struct Says {
    /// Instead of what it should say.
    pub(crate) discovery: Option<Answer>,
    pub(crate) keys: Vec<Value>,
    pub(crate) down: bool,
    pub(crate) asked: usize,
    pub(crate) sets: usize,
}

#[derive(Clone)]
pub(crate) enum Answer {
    Json(Value),
    Redirect(String),
    Huge,
}

pub(crate) struct Issuer {
    pub(crate) address: String,
    pub(crate) says: Arc<Mutex<Says>>,
}

impl Issuer {
    pub(crate) async fn new(keys: Vec<Value>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let says = Arc::new(Mutex::new(Says { keys, ..Says::default() }));
        let app = Router::new().fallback(answer).with_state((address.clone(), Arc::clone(&says)));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, says }
    }

    pub(crate) fn set(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().unwrap());
    }

    /// How often it was asked who it is.
    pub(crate) fn asked(&self) -> usize {
        self.says.lock().unwrap().asked
    }

    pub(crate) fn config(&self, more: &str) -> String {
        format!("[access.oidc]\nissuer = \"{}\"\naudience = \"{AUDIENCE}\"\n{more}\n", self.address)
    }

    /// Claims of a token that is good for five minutes.
    pub(crate) fn claims(&self, now: DateTime<Utc>) -> Value {
        let now = now.timestamp();
        json!({"iss": self.address, "aud": AUDIENCE, "sub": "u-17", "name": "Åsa Ek", "iat": now, "exp": now + 300})
    }
}

async fn answer(State((address, says)): State<(String, Arc<Mutex<Says>>)>, uri: Uri) -> Response {
    let mut says = says.lock().unwrap();
    let discovery = uri.path() == "/.well-known/openid-configuration";
    if discovery {
        says.asked += 1;
    }
    if says.down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match uri.path() {
        "/.well-known/openid-configuration" => match says.discovery.clone() {
            Some(Answer::Json(value)) => value.to_string().into_response(),
            Some(Answer::Redirect(to)) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
            Some(Answer::Huge) => {
                // Would be good, were it not for its size.
                let mut value = good(&address);
                value["more"] = Value::from("x".repeat(3 << 20));
                value.to_string().into_response()
            }
            None => good(&address).to_string().into_response(),
        },
        "/moved" => good(&address).to_string().into_response(),
        "/keys" => {
            says.sets += 1;
            json!({"keys": says.keys}).to_string().into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What it should say.
pub(crate) fn good(address: &str) -> Value {
    json!({
        "issuer": address,
        "jwks_uri": format!("{address}/keys"),
        "authorization_endpoint": format!("{address}/authorize"),
        "token_endpoint": format!("{address}/token"),
    })
}
