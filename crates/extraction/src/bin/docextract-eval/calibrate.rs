//! The error of the confidence, and fitting the calibration anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use docextract_extraction::fields::calibration::{GROUPS, SIGNALS};

use crate::score::Outcome;

/// From here on a value is taken without a look.
const SURE: f64 = 0.95;

/// How far confidence is from the share that is right, and how much is usable at 95 % precision.
pub(crate) fn report(title: &str, values: &[(f64, bool)]) {
    let mut bins = [(0_usize, 0.0, 0_usize); 10];
    for (confidence, right) in values {
        let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += confidence;
        bin.2 += usize::from(*right);
    }
    let error: f64 = bins
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, sum, right)| {
            (sum - *right as f64).abs() / *count as f64 * (*count as f64 / values.len() as f64)
        })
        .sum();
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut covered) = (0_usize, 0_usize);
    for (index, (_, is_right)) in sorted.iter().enumerate() {
        right += usize::from(*is_right);
        if right as f64 >= 0.95 * (index + 1) as f64 {
            covered = index + 1;
        }
    }
    println!("\nconfidence, {title}: {} values", values.len());
    for (index, (count, sum, right)) in bins.iter().enumerate().filter(|(_, bin)| bin.0 > 0) {
        println!(
            "  {:.1}–{:.1}  {count:>4} values  mean confidence {:.3}  right {:.3}",
            index as f64 / 10.0,
            (index + 1) as f64 / 10.0,
            sum / *count as f64,
            *right as f64 / *count as f64,
        );
    }
    println!("  expected calibration error {error:.4}");
    let (sure, sure_right) = values
        .iter()
        .filter(|(confidence, _)| *confidence >= SURE)
        .fold((0_usize, 0_usize), |(all, good), (_, right)| (all + 1, good + usize::from(*right)));
    println!(
        "  of {sure} values at {SURE} or more {:.1} % are right",
        100.0 * sure_right as f64 / sure.max(1) as f64
    );
    println!("  coverage at 95 % precision {:.1} %", 100.0 * covered as f64 / values.len().max(1) as f64);
}

/// A sample of the fit: its row of signals, its group, whether it was scanned and right, its template, its weight.
struct Sample {
    row: [f64; SIGNALS],
    group: usize,
    scanned: f64,
    right: bool,
    template: String,
    weight: f64,
}

struct Model {
    weights: [f64; SIGNALS],
    offsets: [f64; GROUPS],
    scanned: [f64; GROUPS],
}

/// So many times a part of the templates is left out of the fit.
const FOLDS: usize = 20;

/// Fits a logistic function by gradient descent: few samples, so the weights are held small, and no
/// evidence may count the wrong way round.
fn fitted(samples: &[&Sample]) -> Model {
    // What speaks for a value may not lower its chance, and the other way round: score, margin,
    // reading, agreed, sums up; unlabelled, ambiguous and, below, scanned down.
    let signs = [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0];
    let mut model = Model { weights: [0.0; SIGNALS], offsets: [0.0; GROUPS], scanned: [0.0; GROUPS] };
    let total: f64 = samples.iter().map(|sample| sample.weight).sum();
    for step in 0..6000 {
        let rate = if step < 3000 { 1.0 } else { 0.3 };
        let (mut weights, mut offsets, mut scanned) = ([0.0; SIGNALS], [0.0; GROUPS], [0.0; GROUPS]);
        for sample in samples {
            let error = (chance(&model, sample) - f64::from(u8::from(sample.right))) * sample.weight;
            for (slope, signal) in weights.iter_mut().zip(sample.row) {
                *slope += error * signal;
            }
            offsets[sample.group] += error;
            scanned[sample.group] += error * sample.scanned;
        }
        for index in 0..SIGNALS {
            let held = if index == 0 { 0.0 } else { 0.002 * model.weights[index] };
            model.weights[index] -= rate * (weights[index] / total + held);
            if signs[index] * model.weights[index] < 0.0 {
                model.weights[index] = 0.0;
            }
        }
        for (offset, slope) in model.offsets.iter_mut().zip(offsets) {
            *offset -= rate * (slope / total + 0.005 * *offset);
        }
        for (offset, slope) in model.scanned.iter_mut().zip(scanned) {
            *offset = (*offset - rate * (slope / total + 0.005 * *offset)).min(0.0);
        }
    }
    model
}

fn chance(model: &Model, sample: &Sample) -> f64 {
    let odds: f64 = sample.row.iter().zip(model.weights).map(|(signal, weight)| signal * weight).sum::<f64>()
        + model.offsets[sample.group]
        + model.scanned[sample.group] * sample.scanned;
    (1.0 / (1.0 + (-odds).exp())).clamp(0.01, 0.99)
}

/// Leaves a part of the templates out in turn, fits on the others, reports the error on those left out, then fits on
/// all.
pub(crate) fn fit(outcomes: &[Outcome], file: &Path) -> std::io::Result<()> {
    let mut of_template: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.is_usable()) {
        *of_template.entry((outcome.template.as_str(), outcome.field.as_str())).or_default() += 1;
    }
    let samples: Vec<Sample> = outcomes
        .iter()
        .filter(|outcome| outcome.is_usable())
        .filter_map(|outcome| {
            let (signals, group) = outcome.signals?;
            let repeats =
                of_template.get(&(outcome.template.as_str(), outcome.field.as_str())).copied().unwrap_or(1);
            Some(Sample {
                row: signals.row(),
                group: group as usize,
                scanned: f64::from(signals.scanned),
                right: outcome.right,
                template: outcome.template.clone(),
                // A layout that repeats counts little more than once.
                weight: 1.0 / (repeats as f64).sqrt(),
            })
        })
        .collect();
    let templates: BTreeSet<&str> = samples.iter().map(|sample| sample.template.as_str()).collect();
    let folds: BTreeMap<&str, usize> =
        templates.into_iter().enumerate().map(|(index, template)| (template, index % FOLDS)).collect();
    let mut left_out = Vec::new();
    for fold in 0..FOLDS {
        let (out, rest): (Vec<&Sample>, Vec<&Sample>) =
            samples.iter().partition(|sample| folds.get(sample.template.as_str()) == Some(&fold));
        let model = fitted(&rest);
        left_out.extend(out.iter().map(|sample| (chance(&model, sample), sample.right)));
    }
    report("fitted, on templates left out of the fit", &left_out);
    let model = fitted(&samples.iter().collect::<Vec<_>>());
    let row =
        |numbers: &[f64]| numbers.iter().map(|number| format!("{number:.3}")).collect::<Vec<_>>().join(", ");
    let table = format!(
        "//! Fitted by `make calibrate`; not edited by hand.\n\nuse super::{{GROUPS, SIGNALS}};\n\n\
         /// The constant first, then the signals in the order of `Signals::row`.\n\
         pub(super) const WEIGHTS: [f64; SIGNALS] = [{}];\n\
         /// What each group adds.\n\
         pub(super) const OFFSETS: [f64; GROUPS] = [{}];\n\
         /// What each group adds where a scanner read the value.\n\
         pub(super) const SCANNED: [f64; GROUPS] = [{}];\n",
        row(&model.weights),
        row(&model.offsets),
        row(&model.scanned)
    );
    std::fs::write(file, table)
}
