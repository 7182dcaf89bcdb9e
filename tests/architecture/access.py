"""Who may open what: every address, everybody, one status to open and one to send. None may be missing."""

from __future__ import annotations

import re

WHO = ["visitor", "receipt", "member", "other", "moderator", "unproven", "editor", "clinician", "lead"]

# Opened / sent without a word typed and without a token checked: who gets past the gate, and what they are told.
# One cell stands for everybody; "rec, story" is the step of that name, "live, new" a new reply to the live text.
#                                                 vis     rec     mem     oth     mod     unp     edi     cli    lead
TABLE = """
community:home                                  200/405
community:rules                                 200/405
community:privacy                               200/405
community:reading                               200/405
community:about                                 200/405
community:design                                200/405
community:accessibility                         200/405
community:language                              200/422
community:look                                  200/422
community:leave                                 303/405
community:healthz                               200/405
community:readyz                                503/405
community:robots                                200/405
community:favicon                               302/405
feed                                            200/405
sitemap                                         200/405
treatments                                      200/405
treatment [t01]                                 200/405
treatment [none]                                404/405
numbers                                         200/405
search                                          200/422
advice:help_now                                 200/405
advice:partners                                 200/405
advice:index                                    200/405
advice:feed                                     200/405
advice:article [said]                           200/405
advice:article [none]                           404/405
advice:article_in [said, en]                    200/405
advice:opinion [said, en]                       200/422
advice:desk                                     302/302 302/302 404/404 404/404 404/404 404/404 200/405 200/405 404/404
advice:new                                      302/302 302/302 404/404 404/404 404/404 404/404 200/422 404/404 404/404
advice:desk_article [article]                   302/302 302/302 404/404 404/404 404/404 404/404 200/303 200/404 404/404
advice:version [words]                          302/403 302/403 404/404 404/404 404/404 404/404 200/409 200/404 404/404
advice:act [words, discard]                     302/403 302/403 404/404 404/404 404/404 404/404 405/303 405/404 404/404
advice:act [words, sign]                        302/403 302/403 404/404 404/404 404/404 404/404 405/404 405/422 404/404
advice:end_gone [signature]                     302/403 302/403 404/404 404/404 404/404 404/404 405/303 404/404 405/303
advice:unsign [signature]                       302/403 302/403 404/404 404/404 404/404 404/404 404/404 405/409 404/404
advice:research                                 200/405
advice:trial [trial]                            200/405
advice:trial [none]                             404/405
advice:organisations                            200/405
advice:care_team                                200/405
advice:card                                     200/405
advice:words                                    200/405
accounts:home                                   302/302 302/302 200/405 200/405 200/405 200/405 200/405 200/405 200/405
accounts:codes                                  302/302
accounts:new_codes                              302/302
accounts:devices                                302/302
accounts:export                                 302/302
accounts:close                                  302/302
accounts:closed                                 200/405
accounts:recover                                200/422 200/422 302/302 302/302 302/302 302/302 302/302 302/302 302/302
accounts:preferences                            302/302 302/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302
accounts:consents                               302/302 302/302 200/422 200/422 404/404 404/404 404/404 404/404 404/404
accounts:reminder                               302/302 302/302 200/422 200/422 404/404 404/404 404/404 404/404 404/404
accounts:reminder_off [none]                    404/404
account_signup                                  200/422 200/422 302/302 302/302 302/302 302/302 302/302 302/302 302/302
account_login                                   200/422 200/422 302/302 302/302 302/302 302/302 302/302 302/302 302/302
account_logout                                  302/302 302/302 200/302 200/302 200/302 200/302 200/302 200/302 200/302
account_reauthenticate                          302/302 302/302 200/422 200/422 200/422 200/422 200/422 200/422 200/422
account_change_password                         302/302 302/302 200/422 200/422 200/422 200/422 200/422 200/422 200/422
mfa_index                                       302/302 302/302 200/405 200/405 200/405 200/405 200/405 200/405 200/405
mfa_authenticate                                302/302
mfa_reauthenticate                              302/302 302/302 302/302 302/302 200/422 302/302 200/422 200/422 200/422
mfa_activate_totp                               302/302
mfa_deactivate_totp                             302/302
mfa_view_recovery_codes                         302/302
mfa_generate_recovery_codes                     302/302
mfa_login_webauthn                              302/302
mfa_reauthenticate_webauthn                     302/302
mfa_add_webauthn                                302/302
mfa_remove_webauthn [key]                       302/302
stories:list                                    200/405
stories:reading                                 200/302
stories:detail [rec; mem; draft; own]           404/405
stories:detail [live]                           200/405
stories:new                                     200/405 200/405 200/405 200/405 403/405 403/405 403/405 403/405 403/405
stories:write [rec; mem; draft; live; own]      302/409 302/409 302/409 302/409 403/403 403/403 403/403 403/403 403/403
stories:step [rec, story]                       200/409 302/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:step [mem, story]                       200/409 200/409 302/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:step [draft, story; live, story]        200/409 200/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:preview [rec]                           404/409 302/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:preview [mem]                           404/409 404/409 302/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:preview [draft]                         404/409 404/409 200/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:preview [live]                          404/409 404/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:react [rec; mem; draft]                 302/409 302/409 404/409 404/409 403/403 403/403 403/403 403/403 403/403
stories:react [live]                            302/409 302/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:save [rec; mem; draft; live]            302/409 302/409 302/409 302/409 302/403 302/403 302/403 302/403 302/403
stories:saved                                   302/302 302/302 200/405 200/405 403/405 403/405 403/405 403/405 403/405
stories:fix [rec; mem; draft; live]             405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:mine                                    200/405 200/405 200/405 200/405 403/405 403/405 403/405 403/405 403/405
stories:receipt                                 200/422 200/422 200/422 200/422 403/403 403/403 403/403 403/403 403/403
stories:status [rec]                            404/405 200/405 404/405 404/405 404/405 404/405 404/405 404/405 404/405
stories:status [mem; draft; own]                404/405 404/405 200/405 404/405 404/405 404/405 404/405 404/405 404/405
stories:status [live]                           404/405
stories:take_back [rec; mem; draft; live]       405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:withdraw [rec]                          404/409 200/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:withdraw [mem]                          404/409 404/409 200/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:withdraw [draft]                        404/409 404/409 302/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:withdraw [live]                         404/409 404/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:erase [rec]                             404/409 200/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:erase [mem; draft]                      404/409 404/409 302/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:erase [live]                            404/409 404/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:export [rec]                            404/404 200/200 404/404 404/404 404/404 404/404 404/404 404/404 404/404
stories:export [mem; draft]                     404/404 404/404 302/302 404/404 404/404 404/404 404/404 404/404 404/404
stories:export [live]                           404/404
stories:discard [rec; mem; draft; live]         405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:adopt [rec; mem; draft; live]           405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:respond [rec; mem; draft; live]         405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:appeal [rec]                            404/409 302/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:appeal [mem; draft]                     404/409 404/409 302/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:appeal [live]                           404/409 404/409 404/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:appeal [no]                             404/409 404/409 200/409 404/409 404/403 404/403 404/403 404/403 404/403
stories:detail [rep]                            302/405
stories:answer [rec; rep]                       404/405 404/405 404/405 404/405 403/405 403/405 403/405 403/405 403/405
stories:answer [live]                           302/405 302/405 302/405 302/405 403/405 403/405 403/405 403/405 403/405
stories:reply [live, new; live, rep; live, own] 200/409 200/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
stories:consent [mem; live]                     405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
stories:replies [mem; live]                     405/409 405/409 405/409 405/409 405/403 405/403 405/403 405/403 405/403
moderation:report [rec; mem; draft]             404/409 404/409 404/409 404/409 403/403 403/403 403/403 403/403 403/403
moderation:report [live]                        200/409 200/409 200/409 200/409 403/403 403/403 403/403 403/403 403/403
moderation:queue                                302/302 302/302 404/404 404/404 200/200 302/302 404/404 404/404 200/200
moderation:now                                  302/302 302/302 404/404 404/404 200/200 302/302 404/404 404/404 200/200
moderation:place                                302/302 302/302 404/404 404/404 200/303 302/302 404/404 404/404 200/303
moderation:next                                 302/302 302/302 404/404 404/404 302/303 302/302 404/404 404/404 302/303
moderation:case [case]                          302/302 302/302 404/404 404/404 200/200 302/302 404/404 404/404 200/200
moderation:take [case]                          302/403 302/403 404/404 404/404 302/303 302/302 404/404 404/404 302/409
moderation:renew [case]                         302/302 302/302 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:release [case]                       302/403 302/403 404/404 404/404 302/303 302/302 404/404 404/404 302/303
moderation:skip [case]                          302/403 302/403 404/404 404/404 302/303 302/302 404/404 404/404 302/303
moderation:decide [case]                        302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:note [case]                          302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:message [case]                       302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:escalate [case]                       302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:hide [case]                          302/403 302/403 404/404 404/404 302/409 302/302 404/404 404/404 302/409
moderation:history                              302/302 302/302 404/404 404/404 200/200 302/302 404/404 404/404 200/200
moderation:transparency                         200/405
moderation:numbers                              200/405
moderation:invitation                           200/422 200/422 302/302 302/302 302/302 302/302 302/302 302/302 302/302
moderation:lead                                 302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 200/405
moderation:people                               302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 200/405
moderation:invite                               302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/422
moderation:uninvite [staff]                     302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/303
moderation:person [staff]                       302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/422
moderation:close_account [staff]                302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 200/303
moderation:words                                302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 200/405
moderation:wording [rule, kind]                 302/403 302/403 404/404 404/404 404/404 404/404 404/404 404/404 200/303
moderation:set_free [case]                      302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/303
moderation:set_numbers                          302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/422
moderation:give [case]                          302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/303
moderation:offer [case]                         302/302 302/302 404/404 404/404 404/404 404/404 404/404 404/404 302/303
moderation:reopen [version]                     302/403 302/403 404/404 404/404 404/404 404/404 404/404 404/404 302/303
"""


def table() -> dict[tuple[str, str], list[tuple[int, int]]]:
    """Read rows of `name [object; object] opened/sent…`."""
    rows: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for line in TABLE.strip().splitlines():
        row = re.fullmatch(r"(\S+)(?: \[(.+)\])? +(\d.+)", line)
        assert row, line
        name, things, cells = row.groups("")
        codes = [(int(cell[:3]), int(cell[4:])) for cell in cells.split()]
        for thing in things.split("; "):
            assert (name, thing) not in rows, "each row is there once"
            rows[name, thing] = codes * len(WHO) if len(codes) == 1 else codes
    assert {len(codes) for codes in rows.values()} == {len(WHO)}
    return rows
