"""What is said about passwords and codes, and tells none."""

import pytest

from tests.contract.password_texts import lines, passwords_in

TALK = r"""
password must contain 8-64 characters
forgot password? call 4471
Forgot your password? Call 4471.
Password: ********
Passwort: siehe Tresor
the password is required
pass mark 60%
boarding pass A12
Boarding pass A12345, gate B7
Password reset
password reset email sent at 10:30
Reset password in Office365
We moved password storage to SHA256 and bcrypt12.
password hash SHA-256
Password policy v2.1 applies from 2026-01-01.
The password expires in 90days.
password expires after 90 days
Password changed on 12.11.2026
The password was changed on 12.11.2026.
The password is wrong!
password protected PDF-A1
Use OAuth2 as the password grant.
KeePass2 is a password manager
1Password7 is our password manager
Use at least 12 characters for the password.
password-reset-token
Enter your username and password below.
pwd prints the working directory
Basic training starts at 9
The secret of success is practice.
secret: optional
The key: value pairs
wifi: 802.11ac
WiFi key features: WPA3 and 5GHz
login: see page 4/12
Login is possible from 10:30 to 12:30.
Login: http://intranet1.corp/login2
Passwort vergessen? Klicken Sie hier.
Das Passwort ist abgelaufen.
Passwort muss 12 Zeichen haben
Passwort ändern bis 30.11.2026
Kennwort: mindestens 12 Zeichen
Mot de passe oublié ?
mot de passe : 12 caractères minimum
contraseña: mínimo 8 caracteres
La contraseña es obligatoria
La parola chiave
he will pass Level2 exam
user manual pass rate 85%
password list.txt
Ticket password HELP-4471
Change password by 12:30pm
Password length 12, history 24
password complexity: 3 of 4
password age: 90 days
Password attempts: 5
Password (8+ characters)
Password (min. 8 characters)
password a-zA-Z0-9
The password field accepts UTF-8
Password manager: 1Password
new password will be sent by mail
new password will be sent on 2026-11-21
the passcode is 4-digit
Passkey support in iOS17 is new.
Net use of water in 2026
username/password login is disabled
credentials: see https://vault1.corp/x
credentials are valid for 90 days
auth: http://host1234
Please use Chrome120 to log in
use OAuth2 to log in
Shared secret rotation every 90days
client secret expires 2026-11-21
Ask IT for the password of Room12B4
parola di 8 caratteri
login page/form2
user/pass auth/basic2
Password changed at: 2026-11-21T10:15:00Z
Password reset by: jweber2
Password reset requested by jweber2
password policy: ISO27001
Password guideline KB0012345
Password policy ID: POL-2026-11
password last changed: 21Nov2026
Password attempts user: jweber2
The password for user anna12 was reset.
The password for Office365 expires.
Password for room B12 changed
He changed the password from home to office
Set the password to something long
Please set the password to at least 12 characters
reset the password to the default
Your password will expire in 14 days (5 December 2026).
Your password expires on 2026-12-05T08:00.
Choose a password that you do not use on Facebook2 or elsewhere.
Password reset for ticket INC0045678 done.
Password reset completed at 14:05 by helpdesk2.
The password for the account with ID 4471 was reset.
Please enter the password sent to you by SMS on 12.11.
We use password-based login (RFC6749) and OAuth2.
A password with 12 characters, upper case, lower case, 1 digit and 1 symbol.
The default password length is 16.
Minimum password length: 14characters
password minimum: 8chars
Two-factor: password + OTP (6 digits)
The one-time password is valid for 10 minutes.
login page v2.3 is live
Login with SSO/SAML2 is possible
Login as root/Admin is blocked
login: use your e-mail or user name
Log in at portal2.school.example with your own password.
The alarm goes off at 2300.
My secret recipe: 250g flour and 3eggs
The Secret Garden 1993
client secret rotation in Q4-2026
Shared secret is stored in vault2.corp
wifi key fob costs 12 euros
The wifi key is printed on the router.
Wifi password policy: WPA2-Enterprise
SSID Guest2026 needs no password
WLAN-Schlüssel hängt im Flur 2
Schlüssel 4471 für Raum B12
Das Passwort läuft am 30.11.2026 ab.
Passwörter müssen 12 Zeichen lang sein.
Passwort falsch, noch 3 Versuche.
Passwort zurücksetzen: Tel. 0711/4471
Kennwort vergessen? Rufen Sie 4471 an.
Kennwort ändern (Strg+Alt+Entf)
Das Kennwort ist 14 Tage gültig.
PW-Änderung bis KW48
VW Golf, 110 kW, PW 2019
Le mot de passe expire dans 14jours.
Le mot de passe est obligatoire.
La contraseña debe tener 8caracteres.
La clave está en el capítulo 3b
clave catastral 1234-AB
parola di 12lettere
Senha errada 3vezes
Пароль должен содержать 8символов
пароль истекает 30.11.2026
Basic authentication is disabled since 2026.
basic Y2xhc3Nyb29t
password: ENC(abc123def)
self.assertEqual(len(password), 16)
password1 and password2 must match
password confirmation must match password1
"""

CHINESE_TALK = r"""
请修改密码，至少12位，包含大小写和数字。
密码错误，请联系管理员13800138000x
密码强度：弱
密码使用SHA256加密
密码采用MD5存储
密码：请联系信息科
密码为8到16位字母和数字
验证码60秒内有效
请输入验证码
提取码错误
密码已于2026年重置
忘记密码请点击这里
wifi密码在路由器背面
初始密码为身份证后六位
密码一样，请更换
密码还是不对，Windows10登录不了
パスワードは8文字以上16文字以下です
パスワードを3回間違えました
비밀번호는 8자리 이상
密码必须包含大写字母、小写字母和数字，长度8-16位
密码每90天更换一次
密码有效期至2026年12月5日
密码重置工单INC0045678已关闭
密码错误3次锁定30分钟
密码框支持UTF-8
密码机型号SJJ1309
密码学课程代码CS2026
密码锁型号DL200已到货
密码本第12页
一次性密码10分钟内有效
修改密码请登录portal2.school.cn
默认密码请咨询信息科8012
密码为空时报错E1002
验证码有效期5分钟
验证码错误，错误码40029
验证码登录V2上线
提取码见邮件
提取码格式为4位
请扫二维码4471
邮政编码310000
编码GB2312
条形码6901234567892
代码审查2026
产品密码箱型号A100
门禁码已更换
安全码为3位数字
口令红包888元
口令卡2026版
"""

OTHER_CODES = r"""
error code 4471
error code is 4471
postal code 90817
country code 0049
promo code SUMMER20
The door is open, code review at 4471 Main.
source code 90817 lines
The code is 4471 lines long
order code 90817
dress code 2026
Room code 4471
product code is 88213
Security code review on 2026-11-21
security answer: required
Your security answer must be at least 3 characters.
your recovery phrase is a list of twelve words that you write down
seed phrase: never share it with anyone and keep it offline
passphrase: must contain four words
passphrase is optional
The passphrase is required for the key.
Ihre PIN besteht aus 4 Ziffern
see passwords.xlsx and password list2.xlsx
passkeys replace passwords
recovery codes: keep them safe
backup code blocks 8f2k
cvv 3 digits
CVV is 3 or 4 digits
CVC 2026 conference
combination of 36 and 12
safe combination of 3 drugs
door code must have 4 digits
unlock the door with key 4
the alarm code was changed in 2026
entry code 2026-114 of the register
access code list 2026
Passwords: see the vault
The passwords are stored with bcrypt12.
security code review 2026
the security code has 3 digits
seed: 42
random seed: 12345678
seed words for spelling lessons are given to all teachers
12 words: the children learn
send 12 words each day
Passwords must be changed every 90 days and must not repeat the last 24 passwords.
After 5 wrong passwords the account is locked for 30 minutes.
The PIN has 4 to 6 digits.
PIN 2 of connector J5 carries 3.3V
pin code area 560001 Bangalore
The door code changes every 30 days.
Entry code list: see 4.2
Ask reception for the door code (ext. 4471).
Gate code open hours 0800-1700.
Access code A2026 is the course number
security code scan found 3 issues
Security code analysis 2026 results
backup code in backup2.py
Recovery codes are shown once; keep all 10 codes.
The recovery phrase consists of 12 or 24 words in the right order.
Write down your seed phrase and store it somewhere safe and dry.
"""


@pytest.mark.parametrize("text", lines(TALK))
def test_passwords_are_not_talk_about_them(text: str) -> None:
    assert passwords_in(text) == []


@pytest.mark.parametrize("text", lines(CHINESE_TALK))
def test_passwords_are_not_talk_about_them_in_chinese(text: str) -> None:
    assert passwords_in(text) == []


@pytest.mark.parametrize("text", lines(OTHER_CODES))
def test_passwords_are_not_other_codes(text: str) -> None:
    assert passwords_in(text) == []
