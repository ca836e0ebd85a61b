# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that are the same at each run, the records that publish them, and a zone file of these.

No key is stored. A prime is the first one at or above what SHAKE-256 makes of a name; how far above
stands in the table. Each is 2 modulo 3, so that one modulus serves with the exponents 3 and 65537.
"""
import base64
import hashlib

import nacl.signing
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

# Name: bits, and how far the two primes are from where their search began.
PRIMES = {
    "512": (512, 357, 662),
    "768": (768, 668, 30),
    "1024": (1024, 103, 1327),
    "2048": (2048, 56, 1925),
    "4096": (4096, 1251, 4447),
    "other": (2048, 1406, 1356),
    "stolen": (1024, 576, 131),
}
HASHES = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}


class RsaKey:
    def __init__(self, name, exponent):
        self.bits, *offsets = PRIMES[name]
        starts = [int.from_bytes(hashlib.shake_256(f"leakfs {name} {prime}".encode())
                                 .digest(self.bits // 16), "big") for prime in "pq"]
        # The two highest bits are set, so that the modulus has the bits it should.
        p, q = ((start | 3 << (self.bits // 2 - 2)) + offset
                for start, offset in zip(starts, offsets))
        d = pow(exponent, -1, (p - 1) * (q - 1))
        numbers = rsa.RSAPrivateNumbers(
            p=p, q=q, d=d, dmp1=d % (p - 1), dmq1=d % (q - 1), iqmp=pow(q, -1, p),
            public_numbers=rsa.RSAPublicNumbers(e=exponent, n=p * q))
        self.key = numbers.private_key()

    def sign(self, hash_name, data):
        """RFC 8017 §8.2."""
        return self.key.sign(data, padding.PKCS1v15(), HASHES[hash_name])

    def public(self, form):
        forms = serialization.PublicFormat
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER,
            {"pkcs1": forms.PKCS1, "spki": forms.SubjectPublicKeyInfo}[form])

    def private_pem(self):
        return self.key.private_bytes(serialization.Encoding.PEM,
                                      serialization.PrivateFormat.TraditionalOpenSSL,
                                      serialization.NoEncryption())

    def private_base64(self):
        """As Mail::DKIM wants it."""
        return b"".join(self.private_pem().splitlines()[1:-1])


class Ed25519Key:
    bits = 256

    def __init__(self, name):
        self.seed = hashlib.sha256(f"leakfs {name}".encode()).digest()
        self.key = nacl.signing.SigningKey(self.seed)

    def sign(self, hash_name, data):
        """RFC 8463 §3: PureEdDSA of the hash."""
        return self.key.sign(hashlib.new(hash_name, data).digest()).signature

    def public(self):
        return bytes(self.key.verify_key)

    def private_base64(self):
        return base64.b64encode(self.seed)


RSA = {(name, exponent): RsaKey(name, exponent) for name in PRIMES for exponent in (3, 65537)}
ED25519 = Ed25519Key("ed25519")
DEFAULT = RSA["1024", 65537]
# Not published under a name of their own; what is known to be stolen is so under every name.
WRONG, STOLEN = RSA.pop(("other", 65537)), RSA.pop(("stolen", 65537))
del RSA["other", 3], RSA["stolen", 3]


def p_of(content):
    return base64.b64encode(content).decode()


def selector_of(name, exponent, form):
    return f"rsa{name}-{exponent}-{form}"


def usual_records():
    """Selector: the records of a name. Every key in both forms."""
    records = {"ed": [f"v=DKIM1; k=ed25519; p={p_of(ED25519.public())}"]}
    for (name, exponent), key in RSA.items():
        for form in ("spki", "pkcs1"):
            text = f"v=DKIM1; k=rsa; p={p_of(key.public(form))}"
            records[selector_of(name, exponent, form)] = [text]
    return records


def zone_line(name, text, comment):
    """RFC 1035 §5.1."""
    pieces = [text[start:start + 255] for start in range(0, len(text), 255)]
    strings = " ".join(f'"{piece}"' for piece in pieces)
    return f"{name}. IN TXT {strings}" + (f" ; {comment}" if comment else "") + "\n"


def zone(records, comments):
    """A key file of all records, in order; every third name in the short form of leakfs."""
    lines = []
    for number, (name, texts) in enumerate(records.items()):
        comment = comments.get(name)
        for text in texts:
            is_short = number % 3 == 2 and not comment
            lines.append(f"{name} {text}\n" if is_short else zone_line(name, text, comment))
    return "".join(lines).encode()
