"""Programs, commands and tables that speak of passwords, and hold none."""

import pytest

from tests.contract.password_texts import lines, passwords_in

PROGRAMS = r"""
password || null
password && user1
if password == "": raise ValueError
def login(user, password): return user_2
password_hash = sha256(x)
Username, password and PIN codes are needed.\nStep1, go on
| Field | Password |\n|---|---|\n| Min length | 12 |\n| required | yes |
Setting,Password\nlength,8-64\nrequired,true
"password": {"type": "string", "minLength": 8}
<input type="password" name="password" placeholder="Password1">
password: str = Field(min_length=8)
password = request.data.get("password")
new_password = old_password
db_password: required
DB_PASSWORD: string
${DB_PASSWORD:-changeme}
cd $PWD/app1
docker run -v $PWD:/app1 image2
mysql -u root -p mydb
mysql -u root -p
mysql -h db1 -P 3306
psql -h db -p 5432 -U app
docker run -p 8080:80 nginx1
curl -u user:password https://api
curl -u $USER:$TOKEN https://api
sshpass -p "$PASS" ssh host
Authorization: Basic <token>
Password | Email\nrequired | yes
Password\nEmail\nLogin
Password\nForgot-password?
Email\nPassword\nRemember me
password [A-Za-z0-9]{8,}
net use /user:anna *
IDENTIFIED BY '<password>'
ALTER USER app PASSWORD 'password'
docker login -u anna -p $TOKEN
Password settings -> Windows10
User | Last password change | Role\nanna | 2026-11-01 | admin2
name,password_changed,role\nanna,2026-11-01,admin2
Name | Password set | MFA\nanna | yes | TOTP6
Feature | Password | Biometrics\nSpeed | 2.5s | 0.3s
Version,Password,Note\n2.3.1,no,ok
| Rule | Password |\n|---|---|\n| Length | >=12 |\n| Age | 90d |\n| History | 24x |
password\t\trequired\tmin 8
Username:\nPassword:\nDomain: CORP2
Username\nPassword\nLog in2
curl -u user https://api2.example
curl -u admin: https://x
mysql -u root -p < dump2.sql
mysql --port=3306 -p app2
net user anna /domain
net use Z: \\\\nas2\\share /persistent:yes
sudo passwd anna2
sudo -S < file
htpasswd -c /etc/nginx/.htpasswd anna2
openssl req -passin env:PW1
Authorization: Basic realm="x"
docker login registry2.corp
redis-cli -a $REDIS_PASS ping
"password": "********"
"password": ""
password: !vault |
password: {{ vault_db_password }}
password: "{{ lookup('env','PW1') }}"
password=%s
password = secrets.token_urlsafe(16)
password = input("Password: ")
const password = form.password2.value
assert check_password("x", user.password)
password VARCHAR(255) NOT NULL
password varchar2 not null
password CHAR60
passwordField.setMaxLength(64)
<label for="password1">Password</label><input id="password1">
User.objects.create_user(username, password=password2)
"""


@pytest.mark.parametrize("text", lines(PROGRAMS))
def test_passwords_are_not_placeholders_or_programs(text: str) -> None:
    assert passwords_in(text) == []
