//! Ranks that are threads of one process, for tests.

use super::Communicator;
use crate::Result;
use candle_core::Tensor;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

#[derive(Debug)]
pub(crate) struct Thread {
    rank: usize,
    to: Vec<Sender<Tensor>>,
    from: Vec<Mutex<Receiver<Tensor>>>,
}

impl Communicator for Thread {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.to.len()
    }

    fn send_recv(
        &self,
        partner: usize,
        sent: &Tensor,
        received: usize,
    ) -> Result<Tensor> {
        assert_ne!(partner, self.rank);
        self.to[partner].send(sent.copy()?).unwrap();
        let got = self.from[partner].lock().unwrap().recv().unwrap();
        assert_eq!(got.dims(), [received]);
        assert_eq!(got.dtype(), sent.dtype());
        Ok(got)
    }

    fn abort(&self, _: i32) -> ! {
        panic!("aborted")
    }
}

/// Runs `f` on `size` ranks, and returns the results in the order of the ranks.
pub(crate) fn on_ranks<R: Send>(
    size: usize,
    f: impl Fn(Thread) -> R + Sync,
) -> Vec<R> {
    let mut to: Vec<Vec<_>> = (0..size).map(|_| vec![]).collect();
    let mut ranks = vec![];
    for rank in 0..size {
        let mut from = vec![];
        for sender in &mut to {
            let (send, receive) = channel();
            sender.push(send);
            from.push(Mutex::new(receive));
        }
        ranks.push((rank, from));
    }
    let ranks = ranks.into_iter().zip(to);
    let ranks: Vec<_> =
        ranks.map(|((rank, from), to)| Thread { rank, to, from }).collect();
    let f = &f;
    thread::scope(|scope| {
        let running = ranks.into_iter().map(|r| scope.spawn(move || f(r)));
        let running: Vec<_> = running.collect();
        running.into_iter().map(|rank| rank.join().unwrap()).collect()
    })
}
