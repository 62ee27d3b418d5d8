"""PyTorch's side of the comparison: a line of JSON in, a line of JSON out.

In: what to run, on how many images of which size, and whether compiled. Out:
the seconds of one run, in the mean of a turn, and the most memory that the process
has had so far. The first run of a turn is for warming up, and is not counted.
"""

import json
import resource
import sys
import time

import torch
from diffusers import UNet2DModel
from torch.nn.functional import (
    conv2d,
    group_norm,
    interpolate,
    scaled_dot_product_attention,
    silu,
)
from torch.utils.flop_counter import FlopCounterMode


device = sys.argv[1]
torch.set_default_device(device)
# Whole f32 numbers on both sides.
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False


def synchronize():
    if device != "cpu":
        torch.cuda.synchronize()


def network(case):
    torch.manual_seed(0)
    return UNet2DModel(
        in_channels=1,
        out_channels=1,
        layers_per_block=1,
        block_out_channels=case["widths"],
        down_block_types=("DownBlock2D", "DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
        norm_num_groups=8,
    )


def compiled(model, case):
    mode = case["mode"]
    if mode == "eager":
        return model
    return torch.compile(model, mode="default" if mode == "compile" else mode)


def images(case):
    return torch.randn(case["batch"], 1, case["size"], case["size"])


def training(case):
    """Noise, the loss, the gradient clipped, Adam, the average."""
    model = network(case)
    run = compiled(model, case)
    weights = list(model.parameters())
    averages = [w.detach().clone() for w in weights]
    adam = torch.optim.Adam(weights, lr=2e-4, foreach=True)
    x_0, batch = images(case), case["batch"]
    alpha_bar = torch.linspace(0.999, 0.001, 1000)

    def step():
        t = torch.randint(0, 1000, (batch,))
        epsilon = torch.randn_like(x_0)
        left = alpha_bar[t].view(-1, 1, 1, 1)
        x_t = left.sqrt() * x_0 + (1 - left).sqrt() * epsilon
        loss = (run(x_t, t).sample - epsilon).square().mean()
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        adam.step()
        torch._foreach_lerp_(averages, [w.detach() for w in weights], 1e-4)
        loss.item()

    return step


def forward(case):
    run = compiled(network(case).eval(), case)
    x, t = images(case), torch.zeros(case["batch"], dtype=torch.long)

    def step():
        with torch.no_grad():
            run(x, t)

    return step


def sampling(case):
    """DDIM without noise in fifty steps, the estimate of x_0 clipped."""
    run = compiled(network(case).eval(), case)
    alpha_bar = torch.linspace(0.999, 0.001, 1000).tolist()
    times = range(999, -1, -20)

    def step():
        x = images(case)
        with torch.no_grad():
            for t in times:
                now = alpha_bar[t]
                then = alpha_bar[t - 20] if t >= 20 else 1.0
                epsilon = run(x, torch.full((case["batch"],), t)).sample
                x_0 = (x - (1 - now) ** 0.5 * epsilon) / now**0.5
                x_0 = x_0.clamp(-1, 1)
                epsilon = (x - now**0.5 * x_0) / (1 - now) ** 0.5
                x = then**0.5 * x_0 + (1 - then) ** 0.5 * epsilon

    return step


def noise(case):
    """The random numbers of a batch, and x_t."""
    x_0, batch = images(case), case["batch"]
    alpha_bar = torch.linspace(0.999, 0.001, 1000)

    def step():
        left = alpha_bar[torch.randint(0, 1000, (batch,))].view(-1, 1, 1, 1)
        left.sqrt() * x_0 + (1 - left).sqrt() * torch.randn_like(x_0)

    return step


def adam(case):
    """An optimiser's step, and the average."""
    weights = list(network(case).parameters())
    averages = [w.detach().clone() for w in weights]
    for w in weights:
        w.grad = torch.randn_like(w)
    optimiser = torch.optim.Adam(weights, lr=2e-4, foreach=True)

    def step():
        optimiser.step()
        torch._foreach_lerp_(averages, [w.detach() for w in weights], 1e-4)

    return step


def attention(q, k, v, heads=8):
    """Over the pixels of images."""
    batch, channels, height, width = q.shape
    shape = batch, heads, channels // heads, height * width
    q, k, v = (x.view(shape).transpose(2, 3) for x in (q, k, v))
    mixed = scaled_dot_product_attention(q, k, v).transpose(2, 3)
    return mixed.reshape(batch, channels, height, width)


def operation(case):
    """One operation forward, or forward and backward."""
    kind, channels = case["op"], case["channels"]
    if kind == "noise":
        return noise(case)
    if kind == "adam":
        return adam(case)
    def draw(count):
        size = case["batch"], count, case["size"], case["size"]
        return torch.randn(size, requires_grad=True)

    x, y = draw(channels[0]), draw(channels[-1])
    keys, values = draw(channels[0]), draw(channels[0])
    kernel = case["kernel"]
    w = torch.randn(channels[-1], channels[0], kernel, kernel, requires_grad=True)
    b = torch.zeros(channels[-1], requires_grad=True)
    g = torch.ones(channels[0], requires_grad=True)
    shift = torch.zeros(channels[0], requires_grad=True)
    run = {
        "attention": lambda: attention(x, keys, values),
        "concat": lambda: torch.cat((x, y), 1),
        "conv": lambda: conv2d(x, w, b, padding=kernel // 2),
        "halve": lambda: conv2d(x, w, b, stride=2, padding=kernel // 2),
        "norm": lambda: silu(group_norm(x, 8, g, shift, 1e-5)),
        "silu": lambda: silu(x),
        "upsample": lambda: interpolate(x, scale_factor=2.0, mode="nearest"),
    }[kind]

    def step():
        if case["backward"]:
            y = run()
            y.backward(torch.ones_like(y))
        else:
            with torch.no_grad():
                run()

    return step


def flops(case):
    """Operations of a forward pass, counted as it runs."""
    model = network(case)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(images(case), torch.zeros(case["batch"], dtype=torch.long))
    return counter.get_total_flops()


def launches(case):
    """What a training step starts on the GPU: how often, and for how long."""
    step = training(case)
    for _ in range(3):
        step()
    activities = [torch.profiler.ProfilerActivity.CUDA]
    with torch.profiler.profile(activities=activities) as profile:
        step()
        synchronize()
    rows = [r for r in profile.key_averages() if r.self_device_time_total > 0]
    microseconds = sum(row.self_device_time_total for row in rows)
    return sum(row.count for row in rows), microseconds / 1e6


makers = {
    "step": training,
    "forward": forward,
    "sample": sampling,
    "operation": operation,
}
before, run = None, None
for line in sys.stdin:
    case = json.loads(line)
    if case["what"] == "flops":
        print(json.dumps({"count": flops(case)}), flush=True)
        continue
    if case["what"] == "launches":
        count, seconds = launches(case)
        print(json.dumps({"count": count, "seconds": seconds}), flush=True)
        continue
    if case != before:
        run = None  # its memory first
        before, run = case, makers[case["what"]](case)
    run()
    synchronize()
    start = time.perf_counter()
    for _ in range(case["runs"]):
        run()
    synchronize()
    seconds = (time.perf_counter() - start) / case["runs"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak_kb": peak}), flush=True)
