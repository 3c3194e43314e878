//! `sigill api-key`.

use clap::Args;
use sigill_server::config::Scope;

use crate::exit::{Exit, Stop};
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct ApiKeyArgs {
    /// Vems nyckeln är; står i granskningsloggen · Whose key it is; stands in the audit log
    pub(crate) name: String,
    /// Vad nyckeln får användas till (flera går bra) · What the key may be used for
    #[arg(long, value_enum, required = true, value_name = "RÄTT")]
    pub(crate) scope: Vec<Scope>,
    /// Sista dag nyckeln gäller (2027-12-31) · Last day the key is valid
    #[arg(long, value_name = "DAG")]
    pub(crate) expires: Option<chrono::NaiveDate>,
}

/// Makes an API key: the key itself for the client, its hash for the configuration.
pub(crate) fn run(args: &ApiKeyArgs) -> Result<Exit, Stop> {
    let (key, hash) = sigill_server::access::new_key().map_err(Stop::outside)?;
    let entry = sigill_server::access::entry(&args.name, &hash, &args.scope, args.expires);
    let text = format!(
        "# Till klienten, visas bara nu · For the client, shown only now:\n# {key}\n\n\
         # Till tjänstens inställningar · For the service's configuration:\n{entry}"
    );
    output::print(text.as_bytes())?;
    Ok(Exit::Done)
}
