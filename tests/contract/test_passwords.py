"""Passwords as people tell them: in sentences, tables, commands, and in many languages."""

from base64 import b64encode

import pytest

from edge_agent.contract.detectors import credentials
from edge_agent.contract.flattening import flat
from tests.contract.password_texts import passwords_in


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password Quarz9!", "Quarz9!"),
        ("pwd Klee33x", "Klee33x"),
        ("login anna, password Klee33x", "Klee33x"),
        ("machine git.corp login anna password quarz99", "quarz99"),
        ("(password Quarz9!)", "Quarz9!"),
        ("登录口令是 qwert!", "qwert!"),
        ("The password (Quarz9!) works", "Quarz9!"),
        ("password `Quarz9!`", "Quarz9!"),
        ("**Password:** Quarz9!", "Quarz9!"),
        ("Password..... Quarz9!", "Quarz9!"),
        ("Password - Quarz9!", "Quarz9!"),
        ("pw Sonne!44", "Sonne!44"),
        ("PW: Zink_0912", "Zink_0912"),
        ("pw's Start2026", "Start2026"),
        ("p/w wolke99", "wolke99"),
        ("user admin pass Winter24", "Winter24"),
        ("passcode 881204", "881204"),
        ("password 88776655", "88776655"),
        ("zoom meeting 845 2231 9087 passcode k4Lm9w", "k4Lm9w"),
        ("PGPASSWORD=quarz99 psql", "quarz99"),
        ("passwd for the xray pc? roentgen1", "roentgen1"),
        ("new password will be Amsel_2027", "Amsel_2027"),
        ("The password was changed to Amsel_2027.", "Amsel_2027"),
        ("password hasn't changed, still Tiger-1999", "Tiger-1999"),
        ("secret: quarz-esel-9", "quarz-esel-9"),
        ("Shared secret Xa91kq77", "Xa91kq77"),
        ("db_pass: apfelbaum", "apfelbaum"),
        ("MYSQL_ROOT_PASSWORD=birke", "birke"),
        ("Password [NAS]: birke2211", "birke2211"),
        ("password wifi: birke2211", "birke2211"),
        ("Password:\n\n  birke2211", "birke2211"),
        ("as password use birke2211", "birke2211"),
        ("changed the password from birke2211 to ahorn#12", "ahorn#12"),
    ],
)
def test_passwords_are_found_beside_their_name(text: str, secret: str) -> None:
    assert set(passwords_in(text)) == {secret}


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Kennwort: Ahorn12", "Ahorn12"),
        ("Mein Kennwort lautet Zugspitze2962", "Zugspitze2962"),
        ("Das Passwort ist Ahorn-12", "Ahorn-12"),
        ("PW vom Drucker: Ahorn12", "Ahorn12"),
        ('Passwort für die Cloud ist "Wolke#9"', "Wolke#9"),
        ("WLAN-Schlüssel 38291047561029384756", "38291047561029384756"),
        ("ssid Praxis, Schlüssel gruenerbaum77", "gruenerbaum77"),
        ("wpa2 key: gruenerbaum77", "gruenerbaum77"),
        ("mdp Erable12!", "Erable12!"),
        ("Le mot de passe wifi est Bouleau22", "Bouleau22"),
        ("passwort lautet wie folgt: birke2211", "birke2211"),
        ("Passwort wurde geändert auf birke2211", "birke2211"),
        ("lösenordet är Bjork22x", "Bjork22x"),
        ("Mot de passe du portail : Cerise-88", "Cerise-88"),
        ("la contraseña es Nube2025*", "Nube2025*"),
        ("clave: Arce_12", "Arce_12"),
        ("a senha é Abacate10", "Abacate10"),
        ("la password è Acero12", "Acero12"),
        ("wachtwoord Fietsbel9", "Fietsbel9"),
        ("hasło: Klon12!x", "Klon12!x"),
        ("lösenord: Bok12x", "Bok12x"),
        ("şifre: Cinar12", "Cinar12"),
        ("пароль: Zima-2026", "Zima-2026"),
        ("パスワードは Sakura88 です", "Sakura88"),
        ("비밀번호 Haneul77", "Haneul77"),
    ],
)
def test_passwords_are_found_in_many_languages(text: str, secret: str) -> None:
    assert set(passwords_in(text)) == {secret}


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("密码是 春暖花开2026", "春暖花开2026"),
        ("密码：春天来了88", "春天来了88"),
        ("wifi密码fengye8866", "fengye8866"),
        ("密码还是老样子，zxc0806", "zxc0806"),
        ("账号admin 密码同上 Fy8866!", "Fy8866!"),
        ("密码是身份证后六位也就是046213", "046213"),
        ("验证码 482913，5分钟内有效", "482913"),
        ("提取码：x7kq", "x7kq"),
        ("链接 https://pan.example/s/1aBcDe 提取码 m2ue", "m2ue"),
        ("安全码 318", "318"),
        ("wolke99 是密码", "wolke99"),
        ("账密：admin/Fy8866x!", "Fy8866x!"),
    ],
)
def test_passwords_are_found_in_chinese(text: str, secret: str) -> None:
    assert set(passwords_in(text)) == {secret}


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("Password\nKlee33x!", {"Klee33x!"}),
        ("Username | Password\nanna | Klee33x!\nben | Mohn77y?", {"Klee33x!", "Mohn77y?"}),
        ("user,password\nanna,Klee33x!\nben,4711", {"Klee33x!", "4711"}),
        ("Username;Kennwort\nanna;Klee33x!", {"Klee33x!"}),
        ("姓名\t密码\n王伟\tfy8866x", {"fy8866x"}),
        ("| 账号 | 初始密码 |\n|---|---|\n| admin | Fy8866! |", {"Fy8866!"}),
        ("Username   Password\nanna       Klee33x!", {"Klee33x!"}),
        ("| wifi password | Gast-114x |", {"Gast-114x"}),
        ("<password>Quarz9!</password>", {"Quarz9!"}),
        ("<tel>0172</tel><pwd>linde884</pwd>", {"linde884"}),
        ("<td>password</td><td>Klee33x!</td>", {"Klee33x!"}),
        ("<td>Passwort:</td><td>birke2211</td>", {"birke2211"}),
        ("Password: <code>birke2211</code>", {"birke2211"}),
        ('<add key="DbPassword" value="Linde884"/>', {"Linde884"}),
        ("- name: DB_PASSWORD\n  value: quarz99", {"quarz99"}),
    ],
)
def test_passwords_are_found_in_tables_and_markup(text: str, secrets: set[str]) -> None:
    assert set(passwords_in(text)) == secrets


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("wolke99! is the password", "wolke99!"),
        ("you log in with Pfirsich31 as the password", "Pfirsich31"),
        ("try wolke99! for the password", "wolke99!"),
        ("wolke99! - that's the password", "wolke99!"),
        ("wolke99! ist das Passwort", "wolke99!"),
        ("use Rabe_1177 to log in, username is jweber", "Rabe_1177"),
        ("credentials: svc_backup:r8Kd-2mm", "r8Kd-2mm"),
        ("creds anna:wolke99", "wolke99"),
        ("login is mli / T0masz_22", "T0masz_22"),
        ("Zugangsdaten: anna / Ahorn!12", "Ahorn!12"),
        ("user/pass anna/Klee!33", "Klee!33"),
    ],
)
def test_passwords_are_found_before_their_name_and_behind_a_user(text: str, secret: str) -> None:
    assert set(passwords_in(text)) == {secret}


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mysql -u root -pRegen_55", "Regen_55"),
        ("mysqldump --password quarz99 db", "quarz99"),
        ("sshpass -p Hafen21x ssh root@db1", "Hafen21x"),
        ("curl -u anna:Kuckuck8 https://intern/api", "Kuckuck8"),
        ("net use Z: \\\\nas\\share /user:anna Mohn!blume3", "Mohn!blume3"),
        ("ALTER USER app PASSWORD 'quarz99';", "quarz99"),
        ("CREATE USER anna IDENTIFIED BY 'quarz99'", "quarz99"),
        ("requirepass quarz99", "quarz99"),
        ("echo quarz99 | sudo -S ls", "quarz99"),
        ("# .pgpass\ndb1:5432:school:app:mohn7788", "mohn7788"),
        ('ConvertTo-SecureString "Linde884" -AsPlainText', "Linde884"),
    ],
)
def test_passwords_are_found_in_commands(text: str, secret: str) -> None:
    assert set(passwords_in(text)) == {secret}


def test_passwords_are_found_in_the_header_of_a_request() -> None:
    header = b64encode(b"anna:Klee!33").decode()

    assert passwords_in(f"Authorization: Basic {header}") == [header]
    assert passwords_in(f"Basic {b64encode(b'no user in here').decode()}") == []


def test_passwords_are_found_in_a_query() -> None:
    text = "https://a.example/login?user=anna&pass=klee33"

    [finding] = credentials.find(flat(text))

    assert text[finding.start : finding.end] == "klee33"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("the door code is 4471", "4471"),
        ("alarm code 90817", "90817"),
        ("Türcode 4471", "4471"),
        ("the code to the garage is 2580", "2580"),
        ("my unlock code is 471902", "471902"),
        ("safe combination 36-12-88", "36-12-88"),
        ("code is 482913, do not share it", "482913"),
        ("Your code is 482913", "482913"),
        ("cvv 318", "318"),
        ("security code 318", "318"),
        ("CVC: 318", "318"),
        ("CVV2: 318 exp 09/29", "318"),
        ("unlock the tablet with 2580", "2580"),
        ("recovery codes: 8f2k-19dm 77ap-0qlz", "8f2k-19dm"),
        ("security answer: Bello", "Bello"),
    ],
)
def test_passwords_are_codes_that_let_somebody_in(text: str, secret: str) -> None:
    assert secret in passwords_in(text)


_SEED = "ribbon cattle vague hollow pigeon amused orient trophy local sphere canvas rude"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"seed phrase: {_SEED}", _SEED),
        (f"My recovery phrase is {_SEED}.", _SEED),
        (f"助记词：{_SEED}", _SEED),
        ("passphrase: copper lantern river nine", "copper lantern river nine"),
        ('the passphrase is "correct mule battery fence"', "correct mule battery fence"),
        ("SMTP_PASS: abcd efgh ijkl mnop", "abcd efgh ijkl mnop"),
    ],
)
def test_passwords_are_words_in_a_row(text: str, secret: str) -> None:
    assert secret in passwords_in(text)
