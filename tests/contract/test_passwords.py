"""Passwords as people tell them: in sentences, tables, commands, and in many languages."""

from base64 import b64encode

import pytest

from edge_agent.contract.detectors import credentials, passwords
from edge_agent.contract.findings import Kind
from edge_agent.contract.flattening import flat


def _found(text: str) -> list[str]:
    """Return what counts."""
    reading = flat(text)
    return [
        text[each.start : each.end]
        for each in passwords.find(reading)
        if each.score >= 0.5 and each.kind is Kind.PASSWORD
    ]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password Quarz9!", "Quarz9!"),
        ("pwd Klee33x", "Klee33x"),
        ("login anna, password Klee33x", "Klee33x"),
        ("machine git.corp login anna password quarz99", "quarz99"),
        ("(password Quarz9!)", "Quarz9!"),
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
    ],
)
def test_passwords_are_found_beside_their_name(text: str, secret: str) -> None:
    assert set(_found(text)) == {secret}


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
    assert set(_found(text)) == {secret}


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
    assert set(_found(text)) == {secret}


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
        ('<add key="DbPassword" value="Linde884"/>', {"Linde884"}),
        ("- name: DB_PASSWORD\n  value: quarz99", {"quarz99"}),
    ],
)
def test_passwords_are_found_in_tables_and_markup(text: str, secrets: set[str]) -> None:
    assert set(_found(text)) == secrets


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("wolke99! is the password", "wolke99!"),
        ("you log in with Pfirsich31 as the password", "Pfirsich31"),
        ("try wolke99! for the password", "wolke99!"),
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
    assert set(_found(text)) == {secret}


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
    assert set(_found(text)) == {secret}


def test_passwords_are_found_in_the_header_of_a_request() -> None:
    header = b64encode(b"anna:Klee!33").decode()

    assert _found(f"Authorization: Basic {header}") == [header]
    assert _found(f"Basic {b64encode(b'no user in here').decode()}") == []


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
        ("CVC: 318", "318"),
        ("CVV2: 318 exp 09/29", "318"),
        ("unlock the tablet with 2580", "2580"),
        ("recovery codes: 8f2k-19dm 77ap-0qlz", "8f2k-19dm"),
        ("security answer: Bello", "Bello"),
    ],
)
def test_passwords_are_codes_that_let_somebody_in(text: str, secret: str) -> None:
    assert secret in _found(text)


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
    assert secret in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "password must contain 8-64 characters",
        "forgot password? call 4471",
        "Forgot your password? Call 4471.",
        "Password: ********",
        "Passwort: siehe Tresor",
        "the password is required",
        "pass mark 60%",
        "boarding pass A12",
        "Boarding pass A12345, gate B7",
        "Password reset",
        "password reset email sent at 10:30",
        "Reset password in Office365",
        "We moved password storage to SHA256 and bcrypt12.",
        "password hash SHA-256",
        "Password policy v2.1 applies from 2026-01-01.",
        "The password expires in 90days.",
        "password expires after 90 days",
        "Password changed on 12.11.2026",
        "The password was changed on 12.11.2026.",
        "The password is wrong!",
        "password protected PDF-A1",
        "Use OAuth2 as the password grant.",
        "KeePass2 is a password manager",
        "1Password7 is our password manager",
        "Use at least 12 characters for the password.",
        "password-reset-token",
        "Enter your username and password below.",
        "Setting,Password\nlength,8-64\nrequired,true",
        "db_password: required",
        "DB_PASSWORD: string",
        "pwd prints the working directory",
        "Basic training starts at 9",
        "The secret of success is practice.",
        "secret: optional",
        "The key: value pairs",
        "wifi: 802.11ac",
        "WiFi key features: WPA3 and 5GHz",
        "login: see page 4/12",
        "Login is possible from 10:30 to 12:30.",
        "login 24/7",
        "Login: http://intranet1.corp/login2",
        "security answer: required",
        "Your security answer must be at least 3 characters.",
        "your recovery phrase is a list of twelve words that you write down",
        "seed phrase: never share it with anyone and keep it offline",
        "passphrase: must contain four words",
        "passphrase is optional",
        "The passphrase is required for the key.",
        "Passwort vergessen? Klicken Sie hier.",
        "Das Passwort ist abgelaufen.",
        "Passwort ist Pflicht",
        "Passwort muss 12 Zeichen haben",
        "Passwort ändern bis 30.11.2026",
        "Kennwort: mindestens 12 Zeichen",
        "Mot de passe oublié ?",
        "mot de passe : 12 caractères minimum",
        "contraseña: mínimo 8 caracteres",
        "La contraseña es obligatoria",
        "clave de producto",
        "La parola chiave",
        "he will pass Level2 exam",
        "user manual pass rate 85%",
        "Password\nEmail\nLogin",
        "Password\nForgot-password?",
        "Email\nPassword\nRemember me",
        "password list.txt",
        "see passwords.xlsx and password list2.xlsx",
        "Ticket password HELP-4471",
        "Change password by 12:30pm",
        "Password length 12, history 24",
        "password complexity: 3 of 4",
        "password age: 90 days",
        "Password attempts: 5",
        "Password strength: weak",
        "password a-zA-Z0-9",
        "The password field accepts UTF-8",
        "Password manager: 1Password",
        "new password will be sent by mail",
        "new password will be sent on 2026-11-21",
        "the passcode is 4-digit",
        "PW 45 kW",
        "Passkey support in iOS17 is new.",
        "passkeys replace passwords",
        "Net use of water in 2026",
        "username/password login is disabled",
        "credentials: see https://vault1.corp/x",
        "credentials are valid for 90 days",
        "auth: http://host1234",
        "Please use Chrome120 to log in",
        "use OAuth2 to log in",
        "Shared secret rotation every 90days",
        "client secret expires 2026-11-21",
        "password A1",
        "Ask IT for the password of Room12B4",
        "parola di 8 caratteri",
        "login page/form2",
        "user/pass auth/basic2",
    ],
)
def test_passwords_are_not_talk_about_them(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "password || null",
        "password && user1",
        'if password == "": raise ValueError',
        "def login(user, password): return user_2",
        "password_hash = sha256(x)",
        "| Field | Password |\n|---|---|\n| Min length | 12 |\n| required | yes |",
        '"password": {"type": "string", "minLength": 8}',
        '<input type="password" name="password" placeholder="Password1">',
        "password: str = Field(min_length=8)",
        'password = request.data.get("password")',
        "new_password = old_password",
        "${DB_PASSWORD:-changeme}",
        "cd $PWD/app1",
        "docker run -v $PWD:/app1 image2",
        "mysql -u root -p mydb",
        "mysql -u root -p",
        "mysql -h db1 -P 3306",
        "psql -h db -p 5432 -U app",
        "docker run -p 8080:80 nginx1",
        "curl -u user:password https://api",
        "curl -u $USER:$TOKEN https://api",
        'sshpass -p "$PASS" ssh host',
        "Authorization: Basic <token>",
        "Password | Email\nrequired | yes",
        "Password (8+ characters)",
        "Password (min. 8 characters)",
        "password [A-Za-z0-9]{8,}",
        "net use /user:anna *",
        "IDENTIFIED BY '<password>'",
        "ALTER USER app PASSWORD 'password'",
        "docker login -u anna -p $TOKEN",
    ],
)
def test_passwords_are_not_placeholders_or_programs(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "请修改密码，至少12位，包含大小写和数字。",
        "密码错误，请联系管理员13800138000x",
        "密码强度：弱",
        "密码使用SHA256加密",
        "密码采用MD5存储",
        "密码：请联系信息科",
        "密码为8到16位字母和数字",
        "验证码60秒内有效",
        "请输入验证码",
        "提取码错误",
        "密码已于2026年重置",
        "忘记密码请点击这里",
        "wifi密码在路由器背面",
        "初始密码为身份证后六位",
        "密码一样，请更换",
        "密码还是不对，Windows10登录不了",
    ],
)
def test_passwords_are_not_chinese_talk_about_them(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "error code 4471",
        "error code is 4471",
        "postal code 90817",
        "zip code 94103",
        "article code 88213",
        "country code 0049",
        "promo code SUMMER20",
        "Username, password and PIN codes are needed.\nStep1, go on",
        "The door is open, code review at 4471 Main.",
        "source code 90817 lines",
        "The code is 4471 lines long",
        "code 482913 in ICD",
        "order code 90817",
        "QR code 4471",
        "dress code 2026",
        "Room code 4471",
        "product code is 88213",
        "Security code review on 2026-11-21",
        "Ihre PIN besteht aus 4 Ziffern",
        "recovery codes: keep them safe",
        "backup code blocks 8f2k",
        "cvv 3 digits",
        "CVV is 3 or 4 digits",
        "CVC 2026 conference",
        "combination of 36 and 12",
        "safe combination of 3 drugs",
        "door code must have 4 digits",
        "unlock the door with key 4",
        "the alarm code was changed in 2026",
        "entry code 2026-114 of the register",
        "access code list 2026",
    ],
)
def test_passwords_are_not_other_codes(text: str) -> None:
    assert _found(text) == []
