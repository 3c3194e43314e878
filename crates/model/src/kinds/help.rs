//! Help texts that several fields share.

pub(super) const SEKRETESS: &str =
    "Lagrummet i OSL om det här är hemligt, till exempel 26 kap. 1 §; då tas det bort ur den offentliga utgåvan.";
pub(super) const PERSONUPPGIFT: &str =
    "Kryssa för om personuppgifterna inte ska publiceras; då tas det här bort ur den offentliga utgåvan.";
pub(super) const LOSENORD: &str = "Lösenordet som filen öppnas med, om den är låst.";
pub(super) const SIDOR_UTAN_TEXT: &str = "Beskriv vad sidorna visar, om de är inskannade eller saknar text.";
pub(super) const INKOM: &str =
    "Dagen då handlingen kom in, till exempel 2013-05-13; den stämplas på handlingens första sida.";
pub(super) const ORGAN: &str = "Namnet på nämnden eller styrelsen, till exempel Socialnämnden.";
pub(super) const REFERENS: &str = "Lägg till namnet på var och en som har skrivit dokumentet.";
pub(super) const MOTTAGARE: &str = "Lägg till dem som dokumentet riktar sig till, till exempel Socialnämnden.";
pub(super) const BESLUT: &str =
    "Skriv en åtgärd i varje punkt, till exempel Socialnämnden godkänner rapporten; punkten förs in i protokollet.";
pub(super) const SAMMANFATTNING: &str = "Säg kort vad ärendet gäller och vad som föreslås.";
pub(super) const ARENDET: &str = "Beskriv bakgrunden, vad som har hänt och vad som ska avgöras.";
pub(super) const AVSNITT: &str = "Lägg till fler avsnitt med egna rubriker.";
