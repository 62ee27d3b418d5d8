//! A check that all ranks of a run have the same program, options and state.

use super::Trainer;
use crate::Result;
use crate::distributed::all_equal;
use crate::nn::{NetworkConfig, to_json};
use candle_core::Device;
use safetensors::View;
use std::sync::OnceLock;

/// The number of steps from one check to the next.
const EVERY: u32 = 100;

/// The last check of a trainer.
#[derive(Debug, Default)]
pub(super) struct Agreement {
    step: Option<u32>,
}

impl Agreement {
    /// Compares the ranks, if the last check is long ago or there was none.
    ///
    /// # Errors
    /// If a rank has another program, processor, options or state.
    pub(super) fn check<C: NetworkConfig>(
        &mut self,
        trainer: &Trainer<C>,
    ) -> Result<()> {
        let steps = trainer.steps();
        let recent = self.step.is_some_and(|last| steps < last + EVERY);
        if recent || trainer.ranks.size() == 1 {
            return Ok(());
        }
        let options = to_json(&trainer.header()?)?.to_string();
        let values = [
            ("the program", program().into()),
            ("the processor", checksum(&candle_fused::instruction_set())),
            ("the options or the data", checksum(&options)),
            ("the number of steps", steps.into()),
            ("the parameters or their averages", state(trainer)?),
        ];
        all_equal(&*trainer.ranks, &values)?;
        self.step = Some(steps);
        Ok(())
    }
}

/// Returns a checksum of the file of this program, or 0 if it cannot be read.
fn program() -> u32 {
    static PROGRAM: OnceLock<u32> = OnceLock::new();
    *PROGRAM.get_or_init(|| {
        let file = std::env::current_exe().and_then(std::fs::read);
        file.map_or(0, |bytes| crc32fast::hash(&bytes))
    })
}

fn checksum(text: &str) -> u64 {
    crc32fast::hash(text.as_bytes()).into()
}

/// Returns a checksum of the weights and of the state of the optimiser.
fn state<C: NetworkConfig>(trainer: &Trainer<C>) -> Result<u64> {
    let mut checksum = crc32fast::Hasher::new();
    for (_, tensor) in trainer.state()? {
        checksum.update(&View::data(&tensor.to_device(&Device::Cpu)?));
    }
    Ok(checksum.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::distributed::Communicator;
    use crate::distributed::testing::on_ranks;
    use crate::math::{PredictionType, Schedule};
    use crate::nn::{ModelConfig, UNetConfig};
    use crate::train::TrainConfig;
    use candle_core::Tensor;
    use std::sync::Arc;

    /// Small pictures: a micro-batch holds 196 of them.
    fn trainer(seed: u64) -> Trainer<UNetConfig> {
        let model = ModelConfig {
            network: UNetConfig {
                block_out_channels: vec![8],
                ..UNetConfig::digits()
            },
            schedule: Schedule::cosine(100).unwrap(),
            prediction_type: PredictionType::X0,
        };
        let data: Vec<f32> = (0..64 * 900).map(|i| (i as f32).sin()).collect();
        let data = Tensor::from_vec(data, (900, 1, 8, 8), &Device::Cpu);
        let config =
            TrainConfig { seed, batch_size: 700, ..TrainConfig::default() };
        Trainer::new(model, data.unwrap(), config).unwrap()
    }

    /// Returns the losses and the state after some steps, or the first error.
    fn run(
        mut trainer: Trainer<UNetConfig>,
        steps: u32,
    ) -> Result<(Vec<f32>, u64)> {
        for _ in 0..steps {
            trainer.next().unwrap()?;
        }
        Ok((trainer.losses().to_vec(), state(&trainer)?))
    }

    /// A rank that sends something else, once.
    #[derive(Debug)]
    struct Perturbed<C>(C);

    impl<C: Communicator> Communicator for Perturbed<C> {
        fn rank(&self) -> usize {
            self.0.rank()
        }

        fn size(&self) -> usize {
            self.0.size()
        }

        fn send_recv(
            &self,
            partner: usize,
            sent: &Tensor,
            received: usize,
        ) -> Result<Tensor> {
            let large = self.rank() == 1 && sent.elem_count() > 1000;
            let sent = if large { (sent * 1.001)? } else { sent.clone() };
            self.0.send_recv(partner, &sent, received)
        }

        fn abort(&self, code: i32) -> ! {
            self.0.abort(code)
        }
    }

    /// The four micro-batches of 700 examples are 196 + 196 + 196 + 112.
    #[test]
    fn training_does_not_depend_on_the_number_of_ranks() {
        let alone = run(trainer(0), 3).unwrap();
        for size in [1, 2, 4] {
            let all = on_ranks(size, |ranks| {
                run(trainer(0).share_with(Arc::new(ranks)).unwrap(), 3)
            });
            for one in all {
                assert_eq!(one.unwrap(), alone, "{size} ranks");
            }
        }
        // The comparison sees a gradient that is wrong by a thousandth.
        let all = on_ranks(2, |ranks| {
            let ranks = Arc::new(Perturbed(ranks));
            run(trainer(0).share_with(ranks).unwrap(), 3).unwrap()
        });
        assert!(all.iter().all(|one| *one != alone));
    }

    #[test]
    fn ranks_with_other_options_or_parameters_are_refused() {
        let errors = on_ranks(2, |ranks| {
            let trainer = trainer(ranks.rank() as u64);
            run(trainer.share_with(Arc::new(ranks)).unwrap(), 1)
        });
        for error in errors {
            let error = error.unwrap_err();
            let Error::Ranks { what, rank: 1 } = error else {
                panic!("{error}")
            };
            assert_eq!(what, "the options or the data");
        }
        let errors = on_ranks(2, |ranks| {
            let trainer = trainer(0);
            if ranks.rank() == 1 {
                let (_, var) = &trainer.parameters().named()[0];
                var.set(&(var.as_tensor() + 1e-6).unwrap()).unwrap();
            }
            run(trainer.share_with(Arc::new(ranks)).unwrap(), 1)
        });
        for error in errors {
            let error = error.unwrap_err().to_string();
            assert!(error.starts_with("the parameters or"), "{error}");
        }
    }

    #[test]
    fn a_batch_that_is_too_small_for_the_ranks_is_refused() {
        let errors = on_ranks(8, |ranks| {
            trainer(0).share_with(Arc::new(ranks)).unwrap_err().to_string()
        });
        let expected = "micro-batches of 196 examples, such as 1568, got 700";
        assert!(errors[0].contains(expected), "{}", errors[0]);
    }
}
