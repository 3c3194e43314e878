//! What the filters of an SVG cost to draw. A line of text can ask for more than a page of shapes: they are drawn point by
//! point, however they are written.

use usvg::filter::{Filter, Kind};
use usvg::{Group, Node, Tree};

/// Points of a whole page, as filters are drawn.
const PAGE: f64 = 8_500_000.0;
/// Points along one side for each unit of a page, as filters are drawn.
const SCALE: f64 = 4.0;
/// Largest drawing of one filter, in points: the exporter makes none larger.
const LARGEST: f64 = 25_000_000.0;
/// Most that all filters of a picture may cost, in points that are gone over once: some seconds.
const MOST: f64 = 250_000_000.0;

/// Whether the filters of a picture can be drawn in a reasonable time.
pub(crate) fn are_bearable(tree: &Tree) -> bool {
    let area = f64::from(tree.size().width()) * f64::from(tree.size().height());
    let mut sum = 0.0;
    add(tree.root(), area.max(1.0), &mut sum);
    sum <= MOST
}

fn add(group: &Group, area: f64, sum: &mut f64) {
    if !group.filters().is_empty() {
        let drawn = group.abs_layer_bounding_box();
        let share = f64::from(drawn.width()) * f64::from(drawn.height()) / area;
        let points = (share * PAGE).min(LARGEST);
        *sum += points * group.filters().iter().map(|filter| cost(filter)).sum::<f64>();
    }
    for node in group.children() {
        if *sum > MOST {
            return;
        }
        if let Node::Group(inner) = node {
            add(inner, area, sum);
        }
        node.subroots(|inner| add(inner, area, sum));
    }
}

/// How often a filter goes over each point.
fn cost(filter: &Filter) -> f64 {
    let around = |radius: f32| (f64::from(radius) * SCALE).mul_add(2.0, 1.0);
    let of = |kind: &Kind| match kind {
        Kind::Morphology(m) => around(m.radius_x().get()) * around(m.radius_y().get()),
        Kind::ConvolveMatrix(m) => f64::from(m.matrix().columns()) * f64::from(m.matrix().rows()),
        Kind::Turbulence(t) => 10.0 * f64::from(t.num_octaves().max(1)),
        Kind::DiffuseLighting(_) | Kind::SpecularLighting(_) => 10.0,
        Kind::GaussianBlur(_) | Kind::DropShadow(_) => 4.0,
        Kind::Blend(_)
        | Kind::ColorMatrix(_)
        | Kind::ComponentTransfer(_)
        | Kind::Composite(_)
        | Kind::DisplacementMap(_)
        | Kind::Flood(_)
        | Kind::Image(_)
        | Kind::Merge(_)
        | Kind::Offset(_)
        | Kind::Tile(_) => 1.0,
    };
    filter.primitives().iter().map(|primitive| of(primitive.kind())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearable(filter: &str, shapes: &str) -> bool {
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><filter id="f" x="0" y="0" width="1" height="1">{filter}</filter>{shapes}</svg>"#
        );
        are_bearable(&Tree::from_str(&svg, &usvg::Options::default()).expect("an SVG"))
    }

    #[test]
    fn what_drawing_programs_write_passes_and_what_takes_for_ever_does_not() {
        let whole = r#"<rect width="400" height="400" filter="url(#f)"/>"#;
        let shadow = r#"<feGaussianBlur in="SourceAlpha" stdDeviation="4"/><feOffset dx="2" dy="2"/><feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge>"#;
        assert!(bearable(shadow, whole));
        let many: String =
            (0..40).map(|i| format!(r#"<rect x="{i}0" width="40" height="40" filter="url(#f)"/>"#)).collect();
        assert!(bearable(shadow, &many), "forty buttons with shadows");
        assert!(!bearable(shadow, &whole.repeat(60)));
        assert!(!bearable(r#"<feMorphology operator="dilate" radius="100"/>"#, whole));
        assert!(!bearable(r#"<feTurbulence baseFrequency="0.01" numOctaves="900"/>"#, whole));
        let hidden =
            format!(r#"<pattern id="p" width="400" height="400" patternUnits="userSpaceOnUse">{whole}</pattern>"#);
        let painted = r#"<rect width="400" height="400" fill="url(#p)"/>"#.repeat(60);
        assert!(!bearable(shadow, &(hidden + &painted)), "within a pattern");
    }
}
