"""Random expressions with enclosures of their values, by Arb.

    python3 -m pip install python-flint==0.9.0
    python3 make.py > expressions.txt

The test `src/ball/arb.rs` holds the checker's ball arithmetic against these.
Expressions are in postfix form. A line says `EXPRESSION;LOST;DIGITS;POWER`: the
value lies within 10^POWER of DIGITS 10^POWER, and on the way Arb itself loses at
most LOST of 128 bits. `EXPRESSION;none` has no value. In `EXPRESSION;?` something is asked of
a number that Arb cannot tell from zero with any number of bits.
"""

import random
from fractions import Fraction

import flint
from flint import arb, ctx, fmpq, fmpz

SEED = 20260301
COUNT = 3000
DIGITS = 62
PRECISIONS = [300, 1000, 4000]
R = random.Random(SEED)
PI = "3141592653589793238462643383279502884197169399375105820974944592307"
HUGE = arb(fmpz(10) ** 2000)


class Undefined(Exception):
    """There is no value."""


class Unclear(Exception):
    """Too few bits to tell."""


class TooLarge(Exception):
    """A number, or the work to find it, is too large."""


def bounded(x):
    """The number, if it is of a size that can be written down."""
    if isinstance(x, Fraction):
        bits = max(x.numerator.bit_length(), x.denominator.bit_length())
        if bits > 20_000:
            raise TooLarge
    elif not x.is_finite() or not abs(x) < HUGE:
        raise TooLarge
    elif x.mid() and abs(x.mid()) < 1 / HUGE:
        raise TooLarge
    return x


def ball(x):
    """A number as a ball of the present precision."""
    if isinstance(x, arb):
        return x
    return arb(fmpq(x.numerator, x.denominator))


def sign(x):
    if isinstance(x, Fraction):
        return (x > 0) - (x < 0)
    if x > 0:
        return 1
    if x < 0:
        return -1
    raise Unclear


def exact_root(x, n):
    """The root of a fraction, if that is a fraction."""

    def whole(k):
        r = round(k ** (1 / n)) if k < 10**15 else 0
        return r if r**n == k else None

    p, q = whole(x.numerator), whole(x.denominator)
    return None if p is None or q is None else Fraction(p, q)


def root(x, n):
    s = sign(x)
    if s < 0 and n % 2 == 0:
        raise Undefined
    if s < 0:
        return -root(-x, n)
    if isinstance(x, Fraction):
        exact = exact_root(x, n)
        if exact is not None:
            return exact
    return ball(x).root(n)


def apply(token, stack):
    """Applies one operation; fractions stay exact as long as they can."""
    if token in ("+", "-", "*", "/", "pow", "max", "min"):
        y, x = stack.pop(), stack.pop()
        exact = isinstance(x, Fraction) and isinstance(y, Fraction)
        if token == "/" and sign(y) == 0:
            raise Undefined
        if token == "pow" and sign(x) <= 0:
            if sign(x) < 0 or sign(y) <= 0:
                raise Undefined
            return Fraction(0)
        if not exact:
            x, y = ball(x), ball(y)
        if token == "+":
            return x + y
        if token == "-":
            return x - y
        if token == "*":
            return x * y
        if token == "/":
            return x / y
        if token == "pow":
            return ball(x) ** ball(y)
        if exact:
            return max(x, y) if token == "max" else min(x, y)
        if ctx.prec == 128:
            sign(x - y)
        return x.max(y) if token == "max" else x.min(y)
    x = stack.pop()
    if token[0] == "^":
        n = int(token[1:])
        if n < 0 and sign(x) == 0:
            raise Undefined
        if isinstance(x, arb) and n < 0:
            sign(x)
        return x**n if isinstance(x, Fraction) else x ** fmpz(n)
    if token[0] == "r":
        return root(x, int(token[1:]))
    if token == "abs":
        return abs(x)
    if token == "log":
        if sign(x) <= 0:
            raise Undefined
        return ball(x).log()
    value = ball(x)
    return getattr(value, token)()


OPERATIONS = "+ - * / pow max min abs log exp sin cos tanh".split()


def evaluate(expression, step=lambda x: x):
    """The value; `step` sees every number on the way."""
    stack = []
    for token in expression.split():
        if token in OPERATIONS or token[0] in "^r":
            stack.append(bounded(apply(token, stack)))
        elif token == "pi":
            stack.append(arb.pi())
        else:
            stack.append(Fraction(token))
        stack.append(step(stack.pop()))
    [value] = stack
    return value


def leaf():
    kind = R.randrange(9)
    e = R.choice([1, 2, 5, 10, 20, 40, 80])
    if kind == 0:
        return "pi"
    if kind == 1:
        return f"{R.randint(1, 9)}e-{e}"
    if kind == 2:
        return f"{R.randint(1, 9)}e{min(e, 40)}"
    if kind == 3:
        return str(R.randint(-9, 9))
    return f"{R.randint(-99, 99)}/{R.randint(1, 99)}"


def trouble(depth):
    """An expression with a value near one that is special."""
    x = tree(depth - 2)
    tiny = f"{R.randint(1, 9)}e-{R.choice([3, 8, 15, 25, 40, 70])}"
    huge = f"1e{R.choice([5, 12, 25, 40])}"
    some = f"{R.randint(1, 40)}/{R.randint(1, 9)}"
    half = f"{R.randint(-40, 40)}/2"
    near_pi = f"{PI[: R.randint(5, 60)]}"
    near_pi = f"{near_pi}e-{len(near_pi) - 1}"
    # Zero, as no number of bits can tell.
    zero = R.choice(
        [
            f"{R.choice([2, 3, 5, 6, 7])} r3 ^3 {{0}} -",
            "7/3 log exp {0} -",
            f"{R.randint(1, 9)} pi * sin",
            f"{some} sin ^2 {some} cos ^2 + 1 -",
        ]
    )
    zero = zero.replace("{0}", zero.split()[0])
    return R.choice(
        [
            f"{zero} {R.choice(['log', 'r2', 'r3', 'r4', '^-1', 'pi pow'])}",
            f"{x} {zero} /",
            f"{near_pi} {R.choice(['sin', 'cos', 'tanh', '2 / cos'])}",
            f"{half} pi * {tiny} + {R.choice(['sin', 'cos'])}",
            f"{huge} {x} + {R.choice(['sin', 'cos'])}",
            f"{huge} {x} + {huge} -",
            f"{x} {tiny} + {x} -",
            f"{some} {tiny} + r2 {some} r2 -",
            f"{tiny} exp 1 -",
            f"1 {tiny} + log",
            f"1 {tiny} - {huge} pow",
            f"{x} sin ^2 {x} cos ^2 + 1 -",
            f"{some} log exp {some} - {tiny} +",
            f"{some} r3 ^3 {some} -",
            f"1 {x} tanh -",
            f"{tiny} {R.choice(['tanh', 'sin', 'r3', 'r5', 'r2', 'abs'])}",
            f"{x} {tiny} + {x} {R.choice(['max', 'min'])}",
        ]
    )


def tree(depth):
    if depth <= 0:
        return leaf()
    if depth >= 2 and R.random() < 0.3:
        return trouble(depth)
    kind = R.randrange(12)
    x = tree(depth - 1)
    if kind < 6:
        y = tree(R.randrange(depth))
        op = R.choice(["+", "-", "*", "/", "max", "min"])
        return f"{x} {y} {op}" if R.random() < 0.5 else f"{y} {x} {op}"
    if kind == 6:
        return f"{x} ^{R.choice([-5, -2, -1, 2, 3, 7])}"
    if kind == 7:
        return f"{x} r{R.choice([2, 2, 3, 4, 5])}"
    if kind == 8:
        y = R.choice(["1/3", "-5/2", "pi", tree(R.randrange(depth))])
        return f"{x} abs {y} pow"
    return f"{x} {R.choice(OPERATIONS[8:])}"


def fraction(x):
    """A number without an error, as a fraction."""
    man, exp = x.man_exp()
    # What is smaller is rounded up, to a number that can be written down.
    exp = max(int(exp), -20_000) if man else 0
    return Fraction(int(man)) * Fraction(2) ** exp


def enclosure(value):
    """Digits and a power of ten, if the value is known well enough."""
    if isinstance(value, Fraction):
        mid, rad = value, Fraction(0)
    else:
        mid, rad = fraction(value.mid()), fraction(value.rad())
    size = 0
    if mid:
        size = len(str(abs(mid.numerator))) - len(str(mid.denominator))
    if abs(size) > 2500:
        raise Unclear
    # A number that is near zero need be known up to 10^-200 only.
    power = -200 if rad >= abs(mid) else size - DIGITS
    if rad > Fraction(10) ** power / 2:
        raise Unclear
    return round(mid / Fraction(10) ** power), power


def lost(expression):
    """The most bits of 128 that Arb loses in any number on the way."""
    ctx.prec, most = 128, 0

    def step(x):
        nonlocal most
        x = ball(x)
        most = max(most, min(128, 128 - x.rel_accuracy_bits()))
        return x

    try:
        evaluate(expression, step)
    except (Unclear, Undefined, TooLarge):
        return 128
    return most


def judged(expression):
    for precision in PRECISIONS:
        ctx.prec = precision
        try:
            digits, power = enclosure(evaluate(expression))
            return f"{expression};{lost(expression)};{digits};{power}"
        except Undefined:
            return f"{expression};none"
        except Unclear:
            continue
        except TooLarge:
            return None
    return f"{expression};?"


print(f"# python-flint {flint.__version__}, seed {SEED}, {COUNT} expressions")
seen, kinds = set(), {"none": 0, "?": 0}
while len(seen) < COUNT:
    expression = tree(R.randint(1, 6))
    if len(expression) > 80 or expression in seen:
        continue
    line = judged(expression)
    kind = line and line.rsplit(";", 1)[1]
    if line is None or kinds.get(kind, 0) >= COUNT // 15:
        continue
    if kind in kinds:
        kinds[kind] += 1
    seen.add(expression)
    print(line)
