//! Progress: a live bar on a terminal, a plain line now and then elsewhere.

use crate::say::is_silent;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// The steps of the bar.
const TICKS: u64 = 1000;
/// The time between two plain lines.
const PLAIN: Duration = Duration::from_secs(10);

pub(crate) struct Bar {
    live: Option<ProgressBar>,
    label: &'static str,
    start: Instant,
    /// The time of the last plain line.
    last: Option<Instant>,
}

impl Bar {
    pub(crate) fn new(label: &'static str) -> Self {
        let style = "{prefix:>8} {bar:28.blue/white.dim} {msg}";
        let style = ProgressStyle::with_template(style)
            .expect("the template is a constant")
            .progress_chars("━━─");
        let shown = std::io::stderr().is_terminal() && !is_silent();
        let live = shown.then(|| {
            ProgressBar::new(TICKS).with_style(style).with_prefix(label)
        });
        Self { live, label, start: Instant::now(), last: None }
    }

    /// Shows the share `done` of the work, 0 to 1, and `message`.
    pub(crate) fn update(&mut self, done: f64, message: &str) {
        let done = done.clamp(0.0, 1.0);
        let left = self.start.elapsed().mul_f64(1.0 / done.max(1e-3) - 1.0);
        let left = match left.as_secs() {
            _ if done < 1e-3 => "–".to_owned(),
            s => format!("{}:{:02}", s / 60, s % 60),
        };
        match &self.live {
            Some(bar) => {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss
                )]
                bar.set_position((done * TICKS as f64) as u64);
                bar.set_message(format!("{message} · {left} left"));
            }
            None if self.last.is_none_or(|last| last.elapsed() >= PLAIN) => {
                self.last = Some(Instant::now());
                let percent = 100.0 * done;
                note!("{}: {percent:.0} %, {message}, {left} left", self.label);
            }
            None => {}
        }
    }

    /// Ends the bar with a last message.
    pub(crate) fn finish(self, message: &str) {
        if let Some(bar) = self.live {
            bar.abandon_with_message(message.to_owned());
        } else {
            note!("{}: {message}", self.label);
        }
    }
}
