"""Keys of programs; the examples are put together here so that none lies whole in the file."""

from base64 import urlsafe_b64encode

import pytest

from edge_agent.contract.detectors import keys
from edge_agent.contract.findings import Kind
from edge_agent.contract.readings import plain_reading

_TAIL = "a1B2c3D4e5F6g7H8i9J0"
_LINE = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n"


def _found(text: str) -> list[tuple[Kind, str]]:
    """Return what counts, with the text it covers."""
    return [
        (each.kind, text[each.start : each.end])
        for each in keys.find(plain_reading(text))
        if each.score >= 0.5
    ]


def _block(name: str) -> str:
    return f"-----BEGIN {name}-----\n{_LINE * 3}-----END {name}-----"


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "name",
    [
        "PRIVATE " + "KEY",
        "RSA PRIVATE " + "KEY",
        "OPENSSH PRIVATE " + "KEY",
        "PGP PRIVATE KEY " + "BLOCK",
    ],
)
def test_private_key_is_found_whole(name: str) -> None:
    block = _block(name)

    assert _found(f"here: {block} keep it") == [(Kind.PRIVATE_KEY, block)]


def test_private_key_cut_off_is_found() -> None:
    block = _block("PRIVATE " + "KEY")
    without_end, without_begin = block[:90], block[40:]

    assert _found(f"log {without_end}\n\nnext")[0] == (Kind.PRIVATE_KEY, without_end)
    assert _found(without_begin) == [(Kind.PRIVATE_KEY, without_begin)]


def test_private_key_in_one_line_of_json_is_found() -> None:
    block = _block("PRIVATE " + "KEY").replace("\n", "\\n")

    assert (Kind.PRIVATE_KEY, block) in _found(f'{{"k": "{block}"}}')


def test_public_key_and_certificate_are_not_private() -> None:
    assert _found(_block("PUBLIC " + "KEY")) == []
    assert _found(_block("CERTIFICATE")) == []


def test_token_is_found_by_its_header() -> None:
    token = ".".join(
        [_encoded('{"alg":"HS256","typ":"JWT"}'), _encoded('{"sub":"1"}'), "c2lnbmF0dXJl"]
    )

    assert _found(f"令牌在此{token}。") == [(Kind.JWT, token)]


def test_token_without_algorithm_is_none() -> None:
    token = ".".join([_encoded('{"typ":"something"}'), _encoded('{"sub":"1"}'), "c2lnbmF0dXJl"])

    assert _found(token) == []


@pytest.mark.parametrize(
    "prefix",
    [
        "sk" + "-", "sk" + "-ant-api03-", "sk" + "-proj-", "gh" + "p_", "gh" + "o_", "gh" + "s_",
        "github" + "_pat_", "gl" + "pat-", "xo" + "xb-", "xo" + "xp-", "h" + "f_", "LT" + "AI",
        "AK" + "ID", "sk" + "_live_", "rk" + "_live_", "wh" + "sec_", "EAACEd" + "Eose0cBA",
        "ya" + "29.",
    ],
)  # fmt: skip
def test_key_of_a_service_is_found_by_its_prefix(prefix: str) -> None:
    key = prefix + _TAIL

    assert _found(f"使用{key}，谢谢") == [(Kind.API_KEY, key)]


@pytest.mark.parametrize(
    "key",
    [
        "AK" + "IA" + "Q7R8S9T0U1V2W3X4",
        "AS" + "IA" + "Q7R8S9T0U1V2W3X4",
        "AI" + "za" + "Sy" + _TAIL + "k1L2m3N4o5P6q",
        "S" + "G." + _TAIL + "ab." + _TAIL + _TAIL,
        "np" + "m_" + _TAIL + "k1L2m3N4o5P6q7R8",
        "py" + "pi-" + _TAIL + _TAIL,
        "do" + "p_v1_" + "0123456789abcdef" * 4,
        "GOC" + "SPX-0nat8ddc_y2qyNcA6yy8N1ISUvxJ",
        "1/" + "/0" + _TAIL + _TAIL + "k1L2m3N4o5P6q7R8",
        "xke" + "ysib-" + "0123456789abcdef" * 4 + "-k1L2m3N4o5P6q7R8",
        "tskey" + "-auth-kFGiAS2CNTRL-" + _TAIL,
        "PMA" + "K-" + "0123456789ab" * 2 + "-" + "0123456789abcdef0" * 2,
        "AT" + "ATT3xFfG" + _TAIL * 3,
        "0123456789abcdef" * 2 + "-us" + "12",
        "re" + "_a1B2c3D4_" + _TAIL,
        "ALT" + "AK-" + _TAIL,
    ],
)
def test_key_of_a_service_is_found_by_prefix_and_length(key: str) -> None:
    assert _found(f"key {key} end") == [(Kind.API_KEY, key)]


@pytest.mark.parametrize(
    "address",
    [
        "hooks.slack.com/services/T01ABCDEF/B02ABCDEF/" + _TAIL,
        "discord.com/api/webhooks/123456789012345678/" + _TAIL * 3,
        "open.feishu.cn/open-apis/bot/v2/hook/01234567-89ab-cdef-0123-456789abcdef",
        "qyapi.weixin.qq.com/cgi-bin/webhook/send?key=01234567-89ab-cdef-0123-456789abcdef",
    ],
)
def test_address_to_which_whoever_knows_it_may_write_is_a_key(address: str) -> None:
    assert _found(f"post to https://{address} now") == [(Kind.API_KEY, address)]


@pytest.mark.parametrize(
    "name", ["api_key", "API-Key", "client_secret", "access token", "密钥", "令牌", '"secret"']
)
@pytest.mark.parametrize("link", ["=", ": ", "：", ' = "'])
def test_value_after_the_name_of_a_key_is_found(name: str, link: str) -> None:
    assert _found(f"{name}{link}{_TAIL}") == [(Kind.API_KEY, _TAIL)]


@pytest.mark.parametrize(
    "text",
    [
        "api_key = os.environ['API_KEY']",
        "token: required for every request",
        "The secret is patience.",
        "sk-learn-pipelines-and-more",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
        "task-force-of-twenty-2024-members",
        "密钥长度为256位",
        "secret: ./config/secrets_v2.yaml",
        "api_key = settings.SERVICE_API_KEY_V2",
        "token 2024-03-05T10-00-00-000Z",
        "token usage: 1234567890123456",
        "The file opened with an error",
        "primary key: order_items_customer_id",
        "sb_secret_dashboard_config_2026",
        "pul-index-of-things-2026-final-v2",
        "aio_pages_of_the_site_2026",
        "re_compile_pattern_of_names_2026",
        "https://discord.com/api/webhooks",
    ],
)
def test_ordinary_text_holds_no_key(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize("beside", ["x_{}_y", "-{}", "backup{}", "token_{}.txt", "@{}"])
@pytest.mark.parametrize(
    "key",
    [
        "ghp_vGp2o6z0fPpmCVemFkvGNDRkTBiogTsVs094",
        "AKIAIOSFODNN7EXAMPLE",
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "xoxb-123456789012-abcdefghijkl",
    ],
)
def test_certain_keys_are_found_whatever_is_written_to_them(beside: str, key: str) -> None:
    [(kind, found)] = _found(beside.format(key))

    assert (kind, key in found) == (Kind.API_KEY, True)
