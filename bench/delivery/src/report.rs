//! Figures by name, their medians over the rounds, as a table and as JSON.

use std::fmt::Write as _;

#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

struct Row {
    scenario: &'static str,
    figure: String,
    unit: &'static str,
    runs: Vec<f64>,
}

impl Report {
    pub fn add(&mut self, scenario: &'static str, figure: &str, unit: &'static str, value: f64) {
        eprintln!("  {scenario}: {figure} {} {unit}", short(value));
        match self.rows.iter_mut().find(|row| row.scenario == scenario && row.figure == figure) {
            Some(row) => row.runs.push(value),
            None => self.rows.push(Row { scenario, figure: figure.to_owned(), unit, runs: vec![value] }),
        }
    }

    /// The latest run's figure.
    pub fn latest(&self, scenario: &str, figure: &str) -> Option<f64> {
        self.rows.iter().find(|row| row.scenario == scenario && row.figure == figure)?.runs.last().copied()
    }

    pub fn table(&self) -> String {
        let mut text =
            String::from("| scenario | figure | median | least–most | unit |\n|---|---|---:|---:|---|\n");
        for row in &self.rows {
            let sorted = sorted(&row.runs);
            let (least, most) = (short(sorted[0]), short(sorted[sorted.len() - 1]));
            let median = short(sorted[sorted.len() / 2]);
            let _ = writeln!(
                text,
                "| {} | {} | {median} | {least}–{most} | {} |",
                row.scenario, row.figure, row.unit
            );
        }
        text
    }

    pub fn json(&self) -> String {
        let rows: Vec<String> = self
            .rows
            .iter()
            .map(|row| {
                let sorted = sorted(&row.runs);
                format!(
                    r#"  {{"scenario":"{}","figure":"{}","unit":"{}","median":{},"runs":{:?}}}"#,
                    row.scenario,
                    row.figure,
                    row.unit,
                    sorted[sorted.len() / 2],
                    row.runs
                )
            })
            .collect();
        format!("[\n{}\n]\n", rows.join(",\n"))
    }
}

fn sorted(runs: &[f64]) -> Vec<f64> {
    let mut sorted = runs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middling if middling >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}
