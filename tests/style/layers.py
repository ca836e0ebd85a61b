# SPDX-License-Identifier: GPL-3.0-or-later
"""Which folder may include from which: arrows only point down, and index/ knows nothing of fs/.

A program's main file and the tests see everything; so does nothing else.
"""
import os

import sources

MAY_USE = {
    "index/base": [],
    "index/crypto": ["index/base"],
    "index/codec": ["index/base"],
    "index/mail": ["index/base", "index/crypto"],
    "index/dkim": ["index/base", "index/crypto", "index/mail"],
    "index/archive": ["index/base", "index/crypto", "index/codec", "index/mail"],
    "index/store": ["index/base", "index/crypto", "index/mail", "index/dkim"],
    "index/view": ["index/base", "index/crypto", "index/mail", "index/dkim", "index/store"],
    "index/sandbox": ["index/base"],
    "index/process": ["index/base", "index/sandbox"],
    "index/build": ["index"],
    "fs/content": ["index/base", "index/crypto", "index/codec", "index/mail", "index/archive",
                   "index/store", "index/view"],
    "fs/tree": ["fs/content", "index/base", "index/crypto", "index/mail", "index/archive",
                "index/store", "index/view"],
    "fs/fuse": ["fs/tree", "fs/content", "index/base"],
    "fs": ["fs", "index"],
    "tools": ["tools", "fs", "index"],
    "tests": [""],
}


def layer_of(path):
    """The longest listed folder that holds the file itself; tools and tests hold their subfolders."""
    folder = os.path.dirname(path)
    if folder in MAY_USE:
        return folder
    top = folder.split("/")[0]
    return top if top in ("tools", "tests") else None


def is_within(path, folder):
    return not folder or path.startswith(folder + "/")


findings = []
for path in sources.paths(".h", ".cc"):
    layer = layer_of(path)
    if layer is None:
        findings.append(f"{path}: its folder is in no layer (tests/style/layers.py)")
        continue
    for number, header, is_quoted in sources.includes(path):
        if not is_quoted:
            continue
        if header.split("/")[0] not in ("index", "fs", "tools", "tests"):
            findings.append(f"{path}:{number}: {header}: include it by its path from the root")
        elif not any(is_within(header, used) for used in [layer, *MAY_USE[layer]]):
            findings.append(f"{path}:{number}: {layer} may not use {header}")
sources.finish(findings, "layers")
