"""From the signs of a formula to its tree, by recursive descent."""

from fractions import Fraction

from .maths_grammar import FUNCTIONS, MAX_DEPTH, NotMaths, Token, Tree, number, tokens_of
from .undecided import Undecided

_RELATIONS = ("=", "<", ">", "<=", ">=", "!=")
_CLOSES = {"(": ")", "[": "]", "\\{": "\\}", "{": "}", "|": "|"}
_CALLED = FUNCTIONS | {"log10", "log2"}


def read_maths(text: str) -> Tree:
    """The tree of a formula, an equation, a list, a set, an interval or a union of them.

    Raises NotMaths for what is none of these, Undecided (too_large) beyond the limits.
    """
    reader = _Reader(tokens_of(text))
    tree = reader.whole()
    reader.expect("")
    return tree


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._bars = 0  # how many |…| are open: there a bar closes, it does not open

    def whole(self) -> Tree:
        items = [self._union()]
        while self._take(",") or self._take(";"):
            items.append(self._union())
        return items[0] if len(items) == 1 else ("list", "set", tuple(items))

    def expect(self, sign: str) -> None:
        if self._next.text != sign:
            raise NotMaths(f"“{self._next.text or 'the end'}” is out of place.")
        self._at += self._next.kind != "end"

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self, sign: str) -> bool:
        if self._next.kind == "sign" and self._next.text == sign:
            self._at += 1
            return True
        return False

    def _union(self) -> Tree:
        parts = [self._relation()]
        while self._take("\\cup"):
            parts.append(self._relation())
        return parts[0] if len(parts) == 1 else ("union", tuple(parts))

    def _relation(self) -> Tree:
        left = self._sum()
        if self._take("\\in"):
            return ("rel", "=", left, self._union())
        if self._next.kind != "sign" or self._next.text not in _RELATIONS:
            return left
        sign = self._next.text
        self._at += 1
        right = self._sum()
        if self._next.kind == "sign" and self._next.text in _RELATIONS:
            return self._chain(left, sign, right)
        return ("rel", sign, left, right)

    def _chain(self, left: Tree, sign: str, middle: Tree) -> Tree:
        """1 < x <= 3 is an interval of x; x = 2 + 3 = 5 comes to what stands last."""
        second = self._next.text
        self._at += 1
        right = self._sum()
        if sign == second == "=":
            last = right
            while self._take("="):
                last = self._sum()
            return ("rel", "=", left, last)
        if sign in ("<", "<=") and second in ("<", "<="):
            opens, closes = "[" if "=" in sign else "(", "]" if "=" in second else ")"
            return ("rel", "=", middle, ("interval", opens, left, right, closes))
        raise NotMaths("This chain of relations cannot be compared.")

    def _sum(self) -> Tree:
        self._go_deeper()
        if self._take("\\pm"):
            tree: Tree = ("pm", number("0"), self._product())
        elif self._take("-"):
            tree = ("neg", self._product())
        else:
            self._take("+")
            tree = self._product()
        while self._next.kind == "sign" and self._next.text in ("+", "-", "\\pm"):
            sign = self._next.text
            self._at += 1
            tree = ("pm" if sign == "\\pm" else sign, tree, self._product())
        self._depth -= 1
        return tree

    def _product(self) -> Tree:
        tree = self._signed()
        while True:
            if self._take("*"):
                tree = ("*", tree, self._signed())
            elif self._take("/"):
                tree = ("/", tree, self._signed())
            elif self._begins_factor():
                follows = self._power()
                # 2 1/2 and 2\frac{1}{2} are two and a half.
                mixed = tree[0] == "num" and follows[0] == "/" and follows[1][0] == "num"
                tree = ("+" if mixed else "*", tree, follows)
            else:
                return tree

    def _begins_factor(self) -> bool:
        token = self._next
        if token.kind == "sign":
            opens = ("(", "{", "\\frac", "\\lfloor", "\\lceil")
            return token.text in opens or (token.text == "|" and not self._bars)
        return token.kind == "name" or (
            token.kind == "number" and self._tokens[self._at - 1].kind != "number"
        )

    def _signed(self) -> Tree:
        self._go_deeper()
        negative = self._take("-")
        if not negative:
            self._take("+")
        tree: Tree = ("neg", self._signed()) if negative else self._power()
        self._depth -= 1
        return tree

    def _go_deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Undecided("too_large", "The formula is nested too deep.")

    def _power(self) -> Tree:
        self._go_deeper()
        base = self._after(self._atom())
        self._depth -= 1
        if not self._take("^"):
            return base
        if self._take("\\degree") or self._braced_degree():
            return _degrees(base)
        return ("^", base, self._after(self._signed()))

    def _braced_degree(self) -> bool:
        following = [token.text for token in self._tokens[self._at : self._at + 3]]
        if following == ["{", "\\degree", "}"]:
            self._at += 3
            return True
        return False

    def _after(self, tree: Tree) -> Tree:
        """What follows a value: a factorial, a percent sign, degrees."""
        while True:
            if self._take("!"):
                tree = ("fn", "factorial", tree)
            elif self._take("%"):
                tree = ("/", tree, number("100"))
            elif self._take("\\degree"):
                tree = _degrees(tree)
            else:
                return tree

    def _atom(self) -> Tree:
        token = self._next
        self._at += token.kind != "end"
        if token.kind == "number":
            return number(token.text)
        if token.kind == "name":
            return self._name(token.text)
        if token.text in ("(", "[", "\\{", "{"):
            return self._bracketed(token.text)
        if token.text == "|":
            self._bars += 1
            inner = self._sum()
            self._bars -= 1
            self.expect("|")
            return ("fn", "abs", inner)
        return self._command(token.text)

    def _command(self, sign: str) -> Tree:
        if sign == "\\frac":
            return ("/", self._argument(), self._argument())
        if sign in ("\\lfloor", "\\lceil"):
            inner = self._sum()
            self.expect(sign.replace("\\l", "\\r"))
            return ("fn", sign[2:], inner)
        if sign == "\\infty":
            return ("sym", "∞")
        if sign == "\\emptyset":
            return ("list", "set", ())
        raise NotMaths(f"“{sign or 'the end'}” is out of place.")

    def _argument(self) -> Tree:
        """What stands in braces after a command, or one sign: \\frac12."""
        self._go_deeper()
        argument = self._braced_or_one()
        self._depth -= 1
        return argument

    def _braced_or_one(self) -> Tree:
        if self._take("{"):
            inner = self._sum()
            self.expect("}")
            return inner
        token = self._next
        if token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
            self._tokens[self._at] = Token("number", token.text[1:])
            return number(token.text[0])
        return self._atom()

    def _name(self, name: str) -> Tree:
        if name in _CALLED:
            return self._call(name)
        if name in ("inf", "infinity", "oo"):
            return ("sym", "∞")
        if self._take("_"):
            below = self._next
            if below.text == "{":
                self._at += 1
                parts = []
                while self._next.kind in ("number", "name"):
                    parts.append(self._next.text)
                    self._at += 1
                self.expect("}")
                return ("sym", f"{name}_{''.join(parts)}")
            self._at += below.kind != "end"
            return ("sym", f"{name}_{below.text}")
        return ("sym", name)

    def _call(self, name: str) -> Tree:
        if name == "sqrt":
            return self._root()
        base = self._argument() if name == "log" and self._take("_") else None
        power = self._after(self._signed_argument()) if self._take("^") else None
        inner = self._call_argument()
        tree: Tree = ("fn", name, inner)
        if base is not None:
            tree = ("/", ("fn", "ln", inner), ("fn", "ln", base))
        if power == ("neg", number("1")) and f"arc{name}" in FUNCTIONS:
            return ("fn", f"arc{name}", inner)
        return tree if power is None else ("^", tree, power)

    def _root(self) -> Tree:
        """Of what follows directly: √2x is √2 times x."""
        degree = None
        if self._take("["):
            degree = self._sum()
            self.expect("]")
        self._go_deeper()
        inner = self._atom()
        self._depth -= 1
        return ("fn", "sqrt", inner) if degree is None else ("^", inner, ("/", number("1"), degree))

    def _signed_argument(self) -> Tree:
        return ("neg", self._argument()) if self._take("-") else self._argument()

    def _call_argument(self) -> Tree:
        if self._next.text in ("(", "{", "[", "|"):
            return self._atom()
        tree = self._power()  # sin 2x is sin(2x)
        while self._begins_factor() and not self._begins_call():
            tree = ("*", tree, self._power())
        return tree

    def _begins_call(self) -> bool:
        return self._next.kind == "name" and self._next.text in _CALLED

    def _bracketed(self, opens: str) -> Tree:
        bars, self._bars = self._bars, 0
        if opens in ("{", "\\{") and self._take(_CLOSES[opens]):
            self._bars = bars
            return ("list", "set", ())
        items = [self._union()]
        while self._take(",") or self._take(";"):
            items.append(self._union())
        self._bars = bars
        closes = self._next.text
        if len(items) == 2 and opens in "([" and closes in (")", "]") and closes:
            self._at += 1
            if (opens, closes) == ("(", ")"):
                return ("list", "tuple", tuple(items))
            return ("interval", opens, items[0], items[1], closes)
        self.expect(_CLOSES[opens])
        if opens == "\\{" or (opens == "{" and len(items) > 1):
            return ("list", "set", tuple(items))
        return items[0] if len(items) == 1 else ("list", "tuple", tuple(items))


def _degrees(tree: Tree) -> Tree:
    return ("*", tree, ("/", ("sym", "pi"), ("num", Fraction(180))))
