"""What a model that the user brought makes of pictures: vectors, and which model they are of.

They serve to put pictures before a person for review. Nothing is settled by them, and no word or
class is read out of them.
"""

from __future__ import annotations

from clew.records.evidence import Exhibit, Sha256
from clew.records.facts import Fact
from clew.schema import Hash, Home, Id, Path, Row, Term


class EmbeddingModel(Row, table="embedding_models", home=Home.FACTS, key=("exhibit_id",)):
    """The model that the pictures of an exhibit were last shown to, and how."""

    exhibit_id: Id[Exhibit]
    """Exhibit."""
    algorithm: Term
    """``onnx:`` and the SHA-256 of the model's file."""
    version: Term
    """Implementation, version of the library that ran it, and digest of the contract."""
    file_name: Path
    """Name of the model's file."""
    size: int
    """Its bytes."""
    dimensions: int
    """Numbers in a vector."""
    contract: Term
    """What stood in the TOML file beside the model, as JSON."""
    contract_sha256: Sha256
    """SHA-256 over that JSON."""
    review_distance: float
    """Cosine distance up to which two pictures are put before somebody."""


class Embedding(Fact, table="embeddings", key=("exhibit_id", "source_id")):
    """What the model makes of one picture: a vector of length 1, and nothing else."""

    algorithm: Term
    """``onnx:`` and the SHA-256 of the model's file."""
    version: Term
    """Implementation, version of the library that ran it, and digest of the contract."""
    dimensions: int
    """Numbers in the vector."""
    vector: Hash
    """32-bit floats, little end first, in hexadecimal."""
    decode_path: Term
    """How the picture was decoded."""
