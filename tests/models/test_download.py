"""A download brings what the studio reads and nothing else, survives breaks, and takes nothing that is not what was published."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from studio.errors import BadInput, NoAnswer, NoRoom, NotFound, NotReady
from studio.models.download import download, half_here, is_here, remove
from studio.models.ledger import read_ledger
from studio.models.loading import load_pipeline, model_folder
from studio.models.table import base_model
from studio.progress import finish
from tests.models.site import Site, files_of, published

SDXL = base_model("sdxl")
UNET = "unet/diffusion_pytorch_model.fp16.safetensors"


@pytest.fixture
def site(tiny_models: Path, monkeypatch: pytest.MonkeyPatch):
    with published(Site(files_of(tiny_models / "sdxl"))) as site:
        monkeypatch.setenv("HF_ENDPOINT", site.address)
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield site


def test_a_whole_model_comes_in_half_precision_and_loads(site, settings):
    folder = finish(download(SDXL, settings))
    assert folder == model_folder(SDXL, settings) and is_here(SDXL, settings)
    assert load_pipeline(SDXL, settings).unet.config.cross_attention_dim == 64
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert "unet/diffusion_pytorch_model.safetensors" in names and "vae/config.json" in names
    assert not [name for name in names if "fp16" in name or name.endswith((".md", ".bin"))]
    assert {path for path, _ in site.asked} >= {UNET} and "sd_xl.safetensors" not in {path for path, _ in site.asked}


def test_what_came_is_noted_with_its_hashes(site, settings):
    import hashlib

    ledger = read_ledger(finish(download(SDXL, settings)))
    noted = ledger.files["unet/diffusion_pytorch_model.safetensors"].sha256
    assert (ledger.source, noted) == ("download", hashlib.sha256(site.files[UNET]).hexdigest())


@pytest.mark.soak
def test_progress_tells_how_much_there_is_and_which_file_comes(site, settings):
    steps = list(download(SDXL, settings))
    assert steps[0].done == 0 and steps[0].total == max(1, steps[0].total)
    assert "unet/diffusion_pytorch_model.safetensors" in {step.note for step in steps}


def test_a_broken_line_is_taken_up_where_it_broke(site, settings):
    site.breaks_in, site.breaks = UNET, 2
    finish(download(SDXL, settings))
    ranges = [wish for path, wish in site.asked if path == UNET]
    assert ranges[0] == "" and ranges[1] == "bytes=5000-"
    assert is_here(SDXL, settings)


def test_a_stopped_download_goes_on_from_its_place_later(site, settings):
    site.breaks_in, site.breaks, site.then_refuses = UNET, 1, 410
    with pytest.raises(NoAnswer, match="the download goes on from there"):
        finish(download(SDXL, settings))
    assert half_here(SDXL, settings) and not is_here(SDXL, settings)
    site.refuses, fetched = 0, dict(site.asked)
    site.asked.clear()
    finish(download(SDXL, settings))
    again = dict(site.asked)
    assert again.pop(UNET) == "bytes=5000-" and not again.keys() & fetched.keys()
    assert is_here(SDXL, settings) and not half_here(SDXL, settings)


@pytest.mark.soak
def test_closing_it_keeps_what_has_come(site, settings):
    work = download(SDXL, settings)
    while next(work).note != "unet/diffusion_pytorch_model.safetensors":
        pass
    work.close()
    assert half_here(SDXL, settings) and not is_here(SDXL, settings)


@pytest.mark.soak
def test_a_site_that_cannot_begin_in_the_middle_sends_all_of_the_file(site, settings):
    site.breaks_in, site.breaks, site.whole_only = UNET, 1, True
    finish(download(SDXL, settings))
    assert is_here(SDXL, settings)


def test_a_file_that_is_not_what_was_published_is_thrown_away(site, settings):
    site.lies = True
    with pytest.raises(BadInput, match="it is not what was published"):
        finish(download(SDXL, settings))
    assert not is_here(SDXL, settings) and not list(settings.models.rglob("*.safetensors.part"))


def test_a_damaged_file_alone_is_fetched_again(site, settings):
    folder = finish(download(SDXL, settings))
    weights = folder / "vae" / "diffusion_pytorch_model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(raw)
    with pytest.raises(BadInput, match="'vae/diffusion_pytorch_model.safetensors' .* is not what was downloaded"):
        load_pipeline(SDXL, settings)
    site.asked.clear()
    finish(download(SDXL, settings))
    assert [path for path, _ in site.asked] == ["vae/diffusion_pytorch_model.fp16.safetensors"]
    load_pipeline(SDXL, settings)


@pytest.mark.soak
def test_a_model_that_is_here_is_not_asked_for(site, settings):
    finish(download(SDXL, settings))
    site.asked.clear()
    assert finish(download(SDXL, settings)).is_dir() and not site.asked


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (401, NotReady, "given only to who accepted its licence"),
        (404, NotFound, "is not at '127.0.0.1:.*' any more"),
        (400, NoAnswer, "cannot be reached, or broke off"),
    ],
)
def test_what_the_site_refuses_is_told(site, settings, status, error, said):
    site.refuses = status
    with pytest.raises(error, match=said):
        finish(download(SDXL, settings))


def test_no_network_is_told_and_what_has_come_is_kept(settings, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    monkeypatch.setenv("HF_ENDPOINT", address)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with pytest.raises(NoAnswer, match="is kept, and the download goes on from there"):
        finish(download(SDXL, settings))


def test_a_studio_that_shall_stay_offline_asks_nobody(site, settings, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(NotReady, match="HF_HUB_OFFLINE is set"):
        finish(download(SDXL, settings))
    assert not site.asked


def test_a_disk_without_room_is_told_before_anything_comes(site, settings):
    site.claims = 10**18
    with pytest.raises(NoRoom, match="takes .* GB more, and .* GB are free"):
        finish(download(SDXL, settings))
    assert not site.asked


def test_a_model_without_safe_weights_is_not_begun(site, settings):
    del site.files[UNET]
    with pytest.raises(NotFound, match="no .safetensors file for its part 'unet'"):
        finish(download(SDXL, settings))


@pytest.mark.soak
def test_a_second_download_of_the_same_model_waits_for_nobody(site, settings):
    first = download(SDXL, settings)
    next(first)
    with pytest.raises(NotReady, match="is being downloaded already"):
        finish(download(SDXL, settings))
    first.close()


def test_what_was_brought_can_be_removed_and_pocket_cannot(site, settings):
    finish(download(SDXL, settings))
    assert remove(SDXL, settings) > 10_000 and not is_here(SDXL, settings)
    for model in (SDXL, base_model("pocket")):
        with pytest.raises(NotFound, match="not among the models that you brought"):
            remove(model, settings)
