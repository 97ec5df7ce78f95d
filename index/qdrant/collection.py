"""A collection as Qdrant is asked for it, and as it tells how it was made."""

from __future__ import annotations

from typing import Any

from qdrant_client import models

from footnoted.index.qdrant.options import Options
from footnoted.index.qdrant.points import DENSE, INTEGERS, KEPT, KEYWORDS, WORDS


def asked(dimension: int, options: Options) -> dict[str, Any]:
    """What a client is given to make a collection for vectors of this length."""
    return {
        "vectors_config": _vectors(dimension, options),
        "sparse_vectors_config": {WORDS: _sparse(options)},
        "on_disk_payload": True,
        "shard_number": options.shards,
        "replication_factor": options.copies,
        "write_consistency_factor": options.needed,
    }


def indexed(options: Options) -> dict[str, Any]:
    """What points are asked by, and how it is indexed.

    Of words there are the most, a hundred and more in a passage. They are looked up and counted,
    never compared, and the graph needs no ways among those that share one.
    """
    of_words: dict[str, Any] = {"enable_hnsw": False, "on_disk": options.on_disk}
    integer, keyword = models.PayloadSchemaType.INTEGER, models.PayloadSchemaType.KEYWORD
    terms = models.IntegerIndexParams(
        type=models.IntegerIndexType.INTEGER, lookup=True, range=False, **of_words
    )
    stems = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, **of_words)
    plain = dict.fromkeys(KEYWORDS, keyword) | dict.fromkeys(INTEGERS, integer)
    return {**plain, "terms": terms, "stems": stems}


def fits(info: models.CollectionInfo, dimension: int) -> bool:
    """Whether it has the vectors of an index, of this length."""
    params = info.config.params
    dense, sparse = params.vectors, params.sparse_vectors or {}
    if not isinstance(dense, dict) or WORDS not in sparse:
        return False
    return all(name in dense and dense[name].size == dimension for name in (DENSE, KEPT))


def made(info: models.CollectionInfo) -> dict[str, Any]:
    """How a collection was made, under the names of the options."""
    params = info.config.params
    dense = params.vectors.get(DENSE) if isinstance(params.vectors, dict) else None
    quantised = (dense and dense.quantization_config) or info.config.quantization_config
    is_scalar = isinstance(quantised, models.ScalarQuantization)
    return {
        "shards": params.shard_number or 1,
        "copies": params.replication_factor or 1,
        "confirmed": params.write_consistency_factor or 1,
        "on_disk": bool(dense and dense.on_disk),
        "quantisation": "int8" if is_scalar else "another" if quantised else None,
    }


def _vectors(dimension: int, options: Options) -> dict[str, models.VectorParams]:
    own: dict[str, Any] = {"size": dimension, "distance": models.Distance.DOT}
    dense = models.VectorParams(
        **own,
        on_disk=options.on_disk,
        hnsw_config=models.HnswConfigDiff(on_disk=True) if options.on_disk else None,
        quantization_config=_quantised(options.quantisation),
    )
    # What is kept is never searched for: no graph is made of it.
    kept = models.VectorParams(**own, on_disk=True, hnsw_config=models.HnswConfigDiff(m=0))
    return {DENSE: dense, KEPT: kept}


def _sparse(options: Options) -> models.SparseVectorParams:
    index = models.SparseIndexParams(on_disk=True) if options.on_disk else None
    return models.SparseVectorParams(index=index)


def _quantised(how: str | None) -> models.QuantizationConfig | None:
    if how is None:
        return None
    own = models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
    return models.ScalarQuantization(scalar=own)
