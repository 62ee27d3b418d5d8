"""Random identities and slips, each judged by SymPy."""

import random

import sympy as s

a, b, c = s.symbols("a b c", real=True)
p, r = s.symbols("p r", positive=True)
SYMBOLS = [a, b, c, p, r]


def polynomial(depth):
    """A random polynomial expression, not expanded."""
    if depth == 0:
        leaf = random.choice(SYMBOLS + [s.Integer(random.randint(1, 6))])
        return leaf
    kind = random.randrange(5)
    x, y = polynomial(depth - 1), polynomial(depth - 1)
    if kind == 0:
        return x - y
    if kind == 1:
        return x**2 if depth > 1 else x * y
    if kind == 2:
        return s.Mul(x, y, evaluate=True)
    return x + y


def positive(depth):
    """A random expression that is positive wherever it is defined."""
    if depth == 0:
        return random.choice([p, r, s.Integer(random.randint(1, 5))])
    x, y = positive(depth - 1), positive(depth - 1)
    return random.choice([x * y, x + y, x / y, x**2, s.sqrt(x)])


def rational():
    return polynomial(2) / (positive(1) + polynomial(1) ** 2)


CHANGES = [s.expand, s.factor, s.together, s.cancel, s.simplify]
ROOTS = [s.simplify, s.radsimp, s.powdenest, s.expand, s.together]


def slip(e):
    """The expression with one thing changed, somewhere in its tree."""
    nodes = [n for n in s.preorder_traversal(e) if n != e and not n.is_Rational]
    if not nodes:
        return e + 1
    n = random.choice(nodes)
    change = random.choice(
        [lambda n: -n, lambda n: n + 1, lambda n: 2 * n, lambda n: n**2]
    )
    return e.xreplace({n: change(n)})


def is_zero(e):
    """SymPy's verdict: by simplification, or by numbers that say no."""
    values = [
        {x: s.Rational(random.randint(1, 30), random.randint(1, 9)) for x in SYMBOLS}
        for _ in range(8)
    ]
    for v in values:
        v[a] *= random.choice([-1, 1])
        v[b] *= random.choice([-1, 1])
        v[c] *= random.choice([-1, 1])
        x = e.subs(v)
        if x.is_finite is False:
            continue
        n = abs(s.N(x, 40))
        if n.is_number and n > s.Float("1e-25"):
            return False
    return True if s.simplify(e) == 0 else None


def claim():
    """A claim with SymPy's verdict; nothing if it has none."""
    if random.random() < 0.6:
        left = random.choice([polynomial(3), rational()])
        right = random.choice(CHANGES)(left)
    else:
        left = positive(3)
        right = random.choice(ROOTS)(left)
    if random.random() < 0.5:
        right = slip(right)
    if left == right or right.has(s.zoo, s.nan, s.I) or left.has(s.zoo, s.nan):
        return None
    verdict = is_zero(left - right)
    if verdict is None:
        return None
    return {"left": s.latex(left), "right": s.latex(right), "true": verdict}
