"""How the keys of well-known services begin, and how they go on."""

import re

_FORMS = (
    r"sk-(?:ant-|proj-|svcacct-|or-)?[A-Za-z0-9_-]{16,250}",
    r"(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{12,20}",
    r"gh[opsur]_[A-Za-z0-9]{20,255}",
    r"github_pat_[A-Za-z0-9_]{20,255}",
    r"gl(?:pat|rt|dt|cbt|ptt|oas|soat|ft|imt|agent|ffct)-[A-Za-z0-9_-]{16,100}",
    r"xox[abeprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,250}",
    r"xapp-[A-Za-z0-9-]{20,250}",
    r"AIza[A-Za-z0-9_-]{30,45}",
    r"GOCSPX-[A-Za-z0-9_-]{24,40}",
    r"1//0[A-Za-z0-9_-]{40,200}",
    r"SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}",
    r"hf_[A-Za-z0-9]{20,64}",
    r"npm_[A-Za-z0-9]{30,64}",
    r"pypi-[A-Za-z0-9_-]{30,300}",
    r"LTAI[A-Za-z0-9]{12,30}",
    r"AKID[A-Za-z0-9]{13,60}",
    r"(?:ALTAK|AKLT|AKTP)[A-Za-z0-9_-]{16,80}",
    r"do[por]_v1_[a-f0-9]{32,64}",
    r"[srp]k_(?:live|test)_[A-Za-z0-9]{10,250}",
    r"whsec_[A-Za-z0-9+/=]{16,100}",
    r"EAACEdEose0cBA[A-Za-z0-9]{1,300}",
    r"EAA[A-Za-z0-9]{60,300}",
    r"ya29\.[A-Za-z0-9_-]{20,500}",
    r"(?:gsk|r8|shp(?:at|ss|ca|pa)|ntn|figd|rnd|fly|glsa|dckr_[po]at|sbp|pplx)[_-][A-Za-z0-9_-]{20,200}",
    r"xai-[A-Za-z0-9]{20,200}",
    r"lin_(?:api|oauth)_[A-Za-z0-9]{20,100}",
    r"SK[0-9a-f]{32}",
    r"hv[sbr]\.[A-Za-z0-9_-]{20,300}",
    r"dapi[0-9a-f]{32}(?:-[0-9])?",
    r"key-[0-9a-f]{32}",
    r"[0-9]{8,10}:AA[A-Za-z0-9_-]{32,35}",
    # What follows might begin the name of something: the key has no more signs in it.
    r"(?:tvly|csk|pul|tskey-(?:auth|api|client)|CFPAT|sq0[ac][ts]p)-[A-Za-z0-9_-]{20,100}(?<=[0-9A-Za-z]{8})",
    r"(?:nfp|pnu|sgp|tfp|rdme|rubygems|aio|bkua|glc|CCIPAT|CLOJARS|sb_secret)_[A-Za-z0-9]{20,200}",
    r"(?:duffel|shippo)_(?:live|test)_[A-Za-z0-9_-]{20,100}",
    r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{20,100}",
    r"lsv2_[ps][tk]_[a-f0-9]{32}_[a-f0-9]{10}",
    r"re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,40}",
    r"sntry[su]_[A-Za-z0-9+/=_-]{40,500}",
    r"FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,100}",
    r"AT[AC]TT3xFfG[A-Za-z0-9_=-]{50,300}",
    r"ATBB[A-Za-z0-9]{24,64}",
    r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}",
    r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}",
    r"NRAK-[A-Z0-9]{27}",
    r"HRKU-[A-Za-z0-9_-]{36,80}",
    r"sha256~[A-Za-z0-9_-]{43}",
    r"AGE-SECRET-KEY-1[A-Z0-9]{58}",
    r"dp\.[a-z]{2,5}\.[A-Za-z0-9._]{40,60}",
    r"dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}",
    r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}",
    r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}",
    r"[a-f0-9]{32}(?:-us[0-9]{1,2}|\.[A-Za-z0-9]{16})",
    r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}",
    # Who knows these addresses may write there.
    r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{30,120}",
    r"discord(?:app)?\.com/api/webhooks/[0-9]{15,20}/[A-Za-z0-9_-]{40,100}",
    r"(?:open\.feishu\.cn|open\.larksuite\.com)/open-apis/bot/v2/hook/[0-9a-f-]{36}",
    r"oapi\.dingtalk\.com/robot/send\?access_token=[0-9a-f]{64}",
    r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[0-9a-f-]{36}",
)
# The first sign is found first: the search for any of so many forms would be slow.
BEGIN = re.compile(r"[A-Za-z0-9_~.](?<![A-Za-z0-9_-].)")
PREFIXED = re.compile(rf"(?:{'|'.join(_FORMS)})(?![A-Za-z0-9])")
# These are keys whatever is written to them: "backup_ghp_…", "-AKIA…".
_CERTAIN = (
    r"gh[opsur]_[A-Za-z0-9]{36}",
    r"github_pat_[A-Za-z0-9_]{60,90}",
    r"(?:AKIA|ASIA)[A-Z2-7]{16}",
    r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,250}",
    r"AIza[A-Za-z0-9_-]{35}",
    r"GOCSPX-[A-Za-z0-9_-]{28}",
    r"glpat-[A-Za-z0-9_-]{20}",
    r"xox[abeprs]-[0-9]{8,14}-[A-Za-z0-9-]{10,250}",
    r"sk-(?:ant|proj|svcacct)-[A-Za-z0-9_-]{20,250}",
    r"LTAI[A-Za-z0-9]{20,26}",
)
# One of these is in each of them.
CERTAIN_PIECES = ("gh", "AKIA", "ASIA", "k_", "AIza", "GOCSPX", "glpat", "xox", "sk-", "LTAI")
CERTAIN = re.compile(rf"(?<=[A-Za-z_-])(?:{'|'.join(_CERTAIN)})(?![A-Za-z0-9])")
