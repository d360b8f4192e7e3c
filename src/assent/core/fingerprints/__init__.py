"""Perceptual fingerprints: what stays the same when somebody re-saves a model or a picture.

`weights` makes the fingerprint of a LoRA (WUF-1), `pdq` that of a picture, `relation` compares
two of them, `index` finds near ones among many.
"""
