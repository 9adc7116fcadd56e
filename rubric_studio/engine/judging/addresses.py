"""Which addresses a judge may live at, so that nobody aims the server at its own inside."""

import ipaddress
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

# Services that speak to whoever connects: mail, shells, name servers, databases, caches.
DENIED_PORTS = frozenset(
    {0, 7, 9, 19, 20, 21, 22, 23, 25, 53, 69, 79, 110, 111, 119, 135, 139, 143, 161, 389, 445, 465}
    | {512, 513, 514, 587, 636, 873, 993, 995, 1433, 1521, 2049, 2375, 3306, 3389, 5432, 5900}
    | {6379, 9042, 9200, 11211, 27017}
)

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")
_CLOUD_HOST = ipaddress.IPv4Address(
    "168.63.129.16"
)  # a public number that means the machine's host
_LOOPBACK: tuple[IpAddress, ...] = (
    ipaddress.IPv4Address("127.0.0.1"),
    ipaddress.IPv6Address("::1"),
)
_ENDS_IN_NUMBER = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$")


class ForbiddenAddress(ValueError):
    """The address may not be called; `message` says what to change."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class _AllowedHost:
    host: str
    port: int | None


@dataclass(frozen=True, slots=True)
class _AllowedNetwork:
    network: IpNetwork
    port: int | None


class AddressGuard:
    """Lets public addresses through, and those that an operator allowed.

    `allow` holds entries "host", "host:port", an IP address (with a port: "127.0.0.1:8080",
    "[::1]:8080") or a CIDR range. An allowed host may resolve to any address.
    Raises ValueError for an entry that is none of these.
    """

    def __init__(self, allow: Sequence[str] = ()) -> None:
        entries = [_read_entry(entry) for entry in allow if entry.strip()]
        self._hosts = {entry for entry in entries if isinstance(entry, _AllowedHost)}
        self._networks = [entry for entry in entries if isinstance(entry, _AllowedNetwork)]

    def check_url(self, url: str) -> None:
        """Raises ForbiddenAddress unless `url` may be called. Asks no name server: a name's
        addresses are checked when it is connected to (see `permits_address`)."""
        host, port = _host_and_port(_split(url))
        if port in DENIED_PORTS:
            raise ForbiddenAddress(f"Port {port} is not one that a judge may use.")
        if self.permits_host(host, port):
            return
        addresses = _literal_addresses(host)
        if addresses and not any(self.permits_address(address, port) for address in addresses):
            raise ForbiddenAddress(_inside(host))

    def permits_host(self, host: str, port: int) -> bool:
        """Whether an operator allowed this name, whatever it resolves to."""
        host = host.lower().rstrip(".")
        return bool({_AllowedHost(host, None), _AllowedHost(host, port)} & self._hosts)

    def permits_address(self, address: IpAddress, port: int) -> bool:
        """Whether a connection may be opened to this very address."""
        for entry in self._networks:
            if entry.port in (None, port) and _is_in(address, entry.network):
                return True
        return all(map(_is_public, _meanings(address)))


class GuardedResolver(AbstractResolver):
    """Resolves names for one connector and hands on only addresses that the guard permits."""

    def __init__(self, guard: AddressGuard, inner: AbstractResolver | None = None) -> None:
        self._guard = guard
        self._inner = inner or DefaultResolver()
        self._vetted: set[tuple[str, int]] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The permitted addresses of `host`. Raises ForbiddenAddress if there is none."""
        results = await self._inner.resolve(host, port, family)
        if not self._guard.permits_host(host, port):
            results = [
                result
                for result in results
                if self._guard.permits_address(_read_address(result["host"]), port)
            ]
        if not results:
            raise ForbiddenAddress(_inside(host))
        self._vetted |= {(result["host"], port) for result in results}
        return results

    async def close(self) -> None:
        await self._inner.close()

    def open_socket(
        self, address_info: tuple[int, int, int, str, tuple[str | int, ...]]
    ) -> socket.socket:
        """The connector's socket factory: the last look at the address that is connected to."""
        family, kind, protocol, _, peer = address_info
        host, port = str(peer[0]), int(peer[1])
        vetted = (host, port) in self._vetted
        if not vetted and not self._guard.permits_address(_read_address(host), port):
            raise ForbiddenAddress(_inside(host))
        return socket.socket(family, kind, protocol)


def _split(url: str) -> SplitResult:
    # Clients disagree on what these mean in an address; the guard must not be the one that errs.
    if not url.isascii() or any(letter <= " " or letter in '\\\x7f"<>^`{|}' for letter in url):
        raise ForbiddenAddress("The address has spaces or unusual characters. Type it again.")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ForbiddenAddress("The address is not a valid URL. Type it again.") from error
    if parts.scheme not in ("http", "https"):
        raise ForbiddenAddress("The address must begin with https:// or http://.")
    if "@" in parts.netloc:
        raise ForbiddenAddress("Leave the user name out of the address; use the API key's field.")
    if parts.fragment or parts.query or "%" in parts.netloc:
        raise ForbiddenAddress("The address must end in its path, such as /v1.")
    return parts


def _host_and_port(parts: SplitResult) -> tuple[str, int]:
    host = (parts.hostname or "").removesuffix(".")
    if not host or (":" not in host and not _HOST_NAME.match(host)) or ".." in host:
        raise ForbiddenAddress("The address names no host. Example: https://api.example.com/v1")
    port = parts.port
    if port is None:
        port = 443 if parts.scheme == "https" else 80
    return host, port


def _literal_addresses(host: str) -> tuple[IpAddress, ...]:
    """The addresses that a host means without a name server; empty for a real name."""
    if host == "localhost" or host.endswith(".localhost"):
        return _LOOPBACK
    if ":" in host or _ENDS_IN_NUMBER.search(host):
        return (_read_address(host),)
    return ()


def _read_address(text: str) -> IpAddress:
    try:
        return ipaddress.ip_address(text)
    except ValueError as error:
        # 127.1, 0x7f.1 and 2130706433 are all 127.0.0.1 to the C library.
        raise ForbiddenAddress(
            f"Write the address {text[:60]} in full, as in 203.0.113.7 or [2001:db8::7]."
        ) from error


def _meanings(address: IpAddress) -> Iterator[IpAddress]:
    """The address and every IPv4 address that it carries inside."""
    yield address
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)


def _is_public(address: IpAddress) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or address in _NAT64:
            return True  # its IPv4 meaning is looked at by itself
        if address.is_site_local or address in _LOCAL_NAT64:
            return False
    special = address.is_multicast or address.is_reserved or address == _CLOUD_HOST
    return address.is_global and not special


def _is_in(address: IpAddress, network: IpNetwork) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return address in network or (mapped is not None and mapped in network)


def _read_entry(entry: str) -> _AllowedHost | _AllowedNetwork:
    text = entry.strip().lower()
    try:
        return _AllowedNetwork(ipaddress.ip_network(_unbracketed(text), strict=False), None)
    except ValueError:
        pass  # not a bare address or range: read it as host[:port]
    host, colon, port_text = text.rpartition(":")
    if not colon:
        host, port_text = text, ""
    if colon and not (port_text.isdecimal() and int(port_text) < 65536):
        raise ValueError(f"The allow-list entry {entry!r} has no valid port.")
    port = int(port_text) if port_text else None
    try:
        return _AllowedNetwork(ipaddress.ip_network(_unbracketed(host)), port)
    except ValueError:
        host = host.rstrip(".")
    if not _HOST_NAME.match(host) or _ENDS_IN_NUMBER.search(host):
        raise ValueError(f"The allow-list entry {entry!r} is neither a host nor an address.")
    return _AllowedHost(host, port)


def _unbracketed(text: str) -> str:
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def _inside(host: str) -> str:
    return (
        f"{host[:100]} is an inside address. Use a public one, or ask the operator to add it to "
        "JUDGE_ENDPOINT_ALLOWLIST."
    )
