"""What a model that the user brought makes of pictures: vectors, and which model they are of.

They serve to put pictures before a person for review. Nothing is settled by them, and no word or
class is read out of them.
"""

from __future__ import annotations

from clew.records.evidence import Exhibit, Sha256
from clew.records.facts import Fact
from clew.schema import Id, Row


class EmbeddingModel(Row, table="embedding_models", key=("exhibit_id",)):
    """The model that the pictures of an exhibit were last shown to, and how."""

    exhibit_id: Id[Exhibit]
    """Exhibit."""
    algorithm: str
    """``onnx:`` and the SHA-256 of the model's file."""
    version: str
    """Implementation, version of the library that ran it, and digest of the contract."""
    file_name: str
    """Name of the model's file."""
    size: int
    """Its bytes."""
    dimensions: int
    """Numbers in a vector."""
    contract: str
    """What stood in the TOML file beside the model, as JSON."""
    contract_sha256: Sha256
    """SHA-256 over that JSON."""
    review_distance: float
    """Cosine distance up to which two pictures are put before somebody."""


class Embedding(Fact, table="embeddings", key=("exhibit_id", "source_id")):
    """What the model makes of one picture: a vector of length 1, and nothing else."""

    algorithm: str
    """``onnx:`` and the SHA-256 of the model's file."""
    version: str
    """Implementation, version of the library that ran it, and digest of the contract."""
    dimensions: int
    """Numbers in the vector."""
    vector: str
    """32-bit floats, little end first, in hexadecimal."""
    decode_path: str
    """How the picture was decoded."""
