//! The handler of orders.

use sigill_layout::Engine;
use sigill_model::kinds::KINDS;
use sigill_model::{Lang, Texts};
use sigill_orders::{
    Answer as ServiceAnswer, Description, KindDescription, Order as ServiceOrder, Product, ProfileDescription,
    Progress, Settings,
};
use sigill_pack::foreign::Refused;
use sigill_pack::reader::{Reading, carry_out};
use sigill_work::{Frame, Handler};

use super::refusal::{OrderOutcome, internal, log};
use super::{documents, signatures};
use crate::engine::LazyEngine;
use crate::processes::{Answer, LocalAnswer, LocalOrder, Order, Processes, WorkerProtocol};
use crate::render::{self, RenderReport};

/// Carries out orders with one engine, made when the first order needs it.
pub struct Maker {
    engine: LazyEngine,
}

impl Maker {
    /// With these settings.
    pub fn new(settings: Settings) -> Self {
        let engine = LazyEngine::new(settings);
        if engine.settings().warm
            && let Err(e) = engine.warm()
        {
            // Whoever orders something is told as well.
            log(&e);
        }
        Self { engine }
    }

    fn service(&self, order: ServiceOrder, blobs: &[Vec<u8>], progress: &(dyn Fn(Progress) + Sync)) -> OrderOutcome {
        let engine = || self.engine.get().map_err(internal);
        match order {
            ServiceOrder::Ping => engine().map(|_| (Product::Ready, Vec::new())),
            ServiceOrder::Describe => Ok((Product::Description(describe(engine()?)), Vec::new())),
            ServiceOrder::Render { options, files } => documents::render(engine()?, &options, files, blobs),
            ServiceOrder::Check { profile, files } => documents::check(engine()?, profile.as_deref(), files, blobs),
            ServiceOrder::Pack { folder, meeting, out, sent, options } => {
                let processes = Processes::of_this_program().map_err(internal)?;
                let place = documents::PackPlace { folder, meeting, out, sent };
                documents::pack(engine()?, &processes, &place, &options, progress)
            }
            ServiceOrder::SignPrepare { options, time } => signatures::prepare(&self.engine, options, &time, blobs),
            ServiceOrder::SignComplete { options, time } => {
                signatures::complete(self.engine.settings(), options, &time, blobs)
            }
            ServiceOrder::Verify { time, profile, format, lang } => {
                let asked = signatures::Verification { time: &time, profile: profile.as_deref(), format, lang };
                signatures::verify(&self.engine, &asked, blobs)
            }
        }
    }

    fn local(&self, order: LocalOrder, blobs: &[Vec<u8>]) -> Frame<LocalAnswer> {
        match order {
            LocalOrder::RenderFile { input, output, options } => {
                let report = match self.engine.get() {
                    Ok(engine) => render::file(engine, &input, &output, &options),
                    Err(e) => RenderReport::failed(input.display().to_string(), e.to_string()),
                };
                Frame::bare(LocalAnswer::Rendered { report })
            }
            LocalOrder::ReadForeign { task } => {
                let [file] = blobs else { return Frame::bare(LocalAnswer::Read { result: Err(no_file()) }) };
                match carry_out(&task, file) {
                    Ok(Reading { answer, pdf }) => {
                        Frame { message: LocalAnswer::Read { result: Ok(answer) }, blobs: vec![pdf] }
                    }
                    Err(refused) => Frame::bare(LocalAnswer::Read { result: Err(refused) }),
                }
            }
        }
    }
}

fn no_file() -> Refused {
    Refused::Writing("an order without its file".to_owned())
}

impl Handler<WorkerProtocol> for Maker {
    fn carry_out(&mut self, order: Order, blobs: Vec<Vec<u8>>, progress: &(dyn Fn(Progress) + Sync)) -> Frame<Answer> {
        match order {
            Order::Local(order) => {
                let Frame { message, blobs } = self.local(order, &blobs);
                Frame { message: Answer::Local(message), blobs }
            }
            Order::Service(order) => match self.service(order, &blobs, progress) {
                Ok((product, blobs)) => Frame { message: Answer::Service(ServiceAnswer::Done { product }), blobs },
                Err(refusal) => Frame::bare(Answer::Service(ServiceAnswer::Refused { refusal })),
            },
        }
    }
}

fn describe(engine: &Engine) -> Description {
    let layouts = engine.layouts();
    let mut out = Description::default();
    // In the order people meet them; plugins last.
    let place = |name: &str| KINDS.iter().position(|k| k.name == name).unwrap_or(KINDS.len());
    let mut names = layouts.kind_names();
    names.sort_by_key(|name| place(name));
    for name in names {
        // What is wrong with a plugin is told by `sigill layouts check`, and to whoever uses it.
        let Some(Ok(kind)) = layouts.kind(name) else { continue };
        let root = kind.schema.root();
        let told = |key: &str, otherwise: &str| root.get(key).and_then(|t| t.as_str()).unwrap_or(otherwise).to_owned();
        let example = layouts.read(&format!("kinds/{name}/example.json")).unwrap_or(b"{}");
        out.kinds.push(KindDescription {
            name: kind.name,
            title: Texts::each(|lang| match lang {
                Lang::Sv => kind.title.clone(),
                Lang::En => kind.title_en.clone(),
            }),
            help: Texts::each(|lang| match lang {
                Lang::Sv => told("x-hjalp", &kind.purpose),
                Lang::En => told("description", &kind.purpose_en),
            }),
            plugin: kind.plugin,
            schema: root.to_string(),
            example: String::from_utf8_lossy(example).into_owned(),
        });
    }
    for name in layouts.profile_names() {
        if let Some(Ok(profile)) = layouts.profile(name) {
            out.profiles.push(ProfileDescription {
                name: profile.id,
                title: profile.name,
                dnr_example: Some(profile.dnr.example).filter(|example| !example.is_empty()),
            });
        }
    }
    out
}
