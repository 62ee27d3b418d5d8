//! What a training step does on a GPU, shown on the CPU with the kernels switched
//! off: then every function uses candle's operations, as on a GPU.

use candle_core::{DType, Device, Tensor};
use candle_fused::use_kernels;
use ddpm::math::{PredictionType, Schedule};
use ddpm::nn::{ModelConfig, UNetConfig};
use ddpm::random::{Purpose, stream};
use ddpm::train::{TrainConfig, Trainer};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts the storages of tensors; on a GPU each is an allocation and the output
/// of a launch.
struct CountStorages;

static STORAGES: AtomicUsize = AtomicUsize::new(0);

/// The size of candle's `Arc<RwLock<Storage>>`. Nothing else in a step has it.
const STORAGE: usize = 56;

#[allow(unsafe_code)] // It counts, and hands every call on.
unsafe impl GlobalAlloc for CountStorages {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() == STORAGE {
            STORAGES.fetch_add(1, Ordering::Relaxed);
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: CountStorages = CountStorages;

/// Returns how many tensors and storages `f` makes. Views are tensors, too; candle
/// numbers all of them.
fn count<T>(f: impl FnOnce() -> T) -> (usize, usize) {
    let tensors = || {
        let tensor = Tensor::zeros(1, DType::F32, &Device::Cpu).unwrap();
        let id = format!("{:?}", tensor.id());
        let number: String = id.chars().filter(char::is_ascii_digit).collect();
        number.parse::<usize>().unwrap()
    };
    let (before, storages) = (tensors(), STORAGES.load(Ordering::Relaxed));
    f();
    let storages = STORAGES.load(Ordering::Relaxed) - storages;
    (tensors() - before - 1, storages)
}

/// Switches the kernels off or on. Switch and counters are the process's, so each
/// test keeps its turn until it ends.
fn turn(kernels: bool) -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    use_kernels(kernels);
    turn
}

/// Returns a trainer of the digits' network, with a batch that is not split.
fn trainer() -> Trainer<UNetConfig> {
    let config = ModelConfig {
        network: UNetConfig::digits(),
        schedule: Schedule::cosine(1000).unwrap(),
        prediction_type: PredictionType::V,
    };
    let mut pixels = vec![0_f32; 4 * 28 * 28];
    stream(1, Purpose::Data, 0, 0).fill_normal(&mut pixels);
    let data = Tensor::from_vec(pixels, (4, 1, 28, 28), &Device::Cpu).unwrap();
    let options = TrainConfig { batch_size: 4, ..TrainConfig::default() };
    Trainer::new(config, data, options).unwrap()
}

#[test]
fn the_counters_count() {
    let _turn = turn(false);
    let x = Tensor::ones((2, 3), DType::F32, &Device::Cpu).unwrap();
    assert_eq!(count(|| x.sqr().unwrap()), (1, 1));
    assert_eq!(count(|| x.reshape(6).unwrap()), (1, 0));
    assert_eq!(count(|| x.affine(2.0, 1.0).unwrap().sqrt()), (2, 2));
}

/// Each operation costs a GPU a launch or two, and in a small network the launches
/// take most of the step.
#[test]
fn a_training_step_takes_few_operations() {
    let _turn = turn(false);
    let mut trainer = trainer();
    let (tensors, storages) = count(|| trainer.next().unwrap().unwrap());
    // With candle's backward pass and an update for each parameter they were
    // 11,152 and 8,022.
    assert!(3 * tensors <= 11_152, "{tensors}");
    assert!(4 * storages <= 8_022, "{storages}");
}

#[test]
fn training_agrees_with_and_without_kernels() {
    let _turn = turn(false);
    let train = || {
        let mut trainer = trainer();
        let report = trainer.next().unwrap().unwrap();
        let next = trainer.next().unwrap().unwrap();
        [report.loss, report.grad_norm, next.loss, next.grad_norm]
    };
    let without = train();
    use_kernels(true);
    let with = train();
    for (a, b) in with.iter().zip(without) {
        assert!((a - b).abs() < 1e-4 * b, "{with:?} {without:?}");
    }
    assert_ne!(with, without, "the switch does nothing");
}
