"""Forms around consent: asking, signing, showing a channel, vouching."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from assent.core.consent.channels import URL_MAX, VouchAnswer
from assent.core.consent.terms import TEXT_MAX, Advice, SignedTerms, Signer, Verb
from assent.core.terms import WorkType
from assent.flows.ask_consent import NAME_MAX, Ask
from assent.gateways.verifier import WORD_MAX
from assent.web.forms.base import HouseForm
from assent.web.forms.bounties import TYPES

YES_NO = [("yes", "Yes"), ("no", "No")]
DAYS = [(30, "30 days"), (365, "One year"), (3 * 365, "Three years"), (3650, "Ten years")]
QUESTIONS = {
    Verb.TRAIN: "May a model be trained on pictures of you?",
    Verb.GENERATE: "May pictures of you be made with it?",
    Verb.DISPLAY: "May such pictures be shown in public?",
    Verb.DOWNLOAD: "May others download the model or the pictures?",
    Verb.RESELL: "May it be sold on?",
    Verb.MERGE: "May it be mixed into other models?",
}
QUIET = {"autocomplete": "off"}


class AskForm(HouseForm):
    """Whose likeness, for what, and how to reach them. No word of it is passed on."""

    is_self = forms.ChoiceField(
        label="Who is it?",
        choices=[("no", "Somebody else"), ("yes", "Myself")],
        initial="no",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="Their name",
        help_text="The name that people know them by.",
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs=QUIET),
    )
    channel = forms.EmailField(
        label="An e-mail address that reaches them",
        help_text="We send one letter of our own, and no word of yours. An address that you give "
        "proves nothing: they also show a public page of theirs.",
        widget=forms.EmailInput(attrs=QUIET),
    )
    work_type = forms.ChoiceField(label="Kind of work", choices=TYPES, initial=WorkType.LORA)
    days = forms.TypedChoiceField(label="For how long?", choices=DAYS, coerce=int, initial=365)

    def ask(self) -> Ask:
        """Return the valid form as a request."""
        data = self.cleaned_data
        return Ask(
            data["name"],
            data["channel"],
            data["work_type"],
            data["days"],
            is_self=data["is_self"] == "yes",
        )


def _answer(verb: Verb) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=QUESTIONS[verb], choices=YES_NO, required=False, widget=forms.RadioSelect
    )


def _words(label: str, help_text: str = "", rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        help_text=help_text,
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _line(label: str, help_text: str = "", limit: int = 200) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        help_text=help_text,
        max_length=limit,
        widget=forms.TextInput(attrs=QUIET),
    )


def _promise(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class TermsForm(HouseForm):
    """The terms, every line of which the person may change before they sign."""

    signer = forms.ChoiceField(
        label="Who are you?",
        choices=[
            (Signer.PERSON, "I am the person shown"),
            (Signer.AGENT, "I represent the person (agent, manager, lawyer)"),
            (Signer.ESTATE, "I speak for the estate of a person who died"),
        ],
        initial=Signer.PERSON,
        widget=forms.RadioSelect,
    )
    authority = _line("By what right do you sign for them?", "Only if you sign for somebody else.")
    names = _line("The name that people know you by", "Several names? Put commas between.", 300)
    purpose = _words("What may it be used for?", "As precisely as you like: “covers of my own "
                     "audiobooks”. What is not written here is not allowed.")  # fmt: skip
    material = _words("What is made, and from what?", "For example: a LoRA from 30 portraits that "
                      "I choose.")  # fmt: skip
    train = _answer(Verb.TRAIN)
    generate = _answer(Verb.GENERATE)
    display = _answer(Verb.DISPLAY)
    download = _answer(Verb.DOWNLOAD)
    resell = _answer(Verb.RESELL)
    merge = _answer(Verb.MERGE)
    work_types = forms.MultipleChoiceField(
        label="For which kinds of work?",
        choices=TYPES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    territory = _line("Where?", "A country, several, or “worldwide”.", 60)
    starts_on = _day("From")
    ends_on = _day("Until", "At most ten years. It never renews itself.")
    pay = _line("What are you paid?", "An amount, a share, or “nothing”. It is agreed and paid "
                "between you; this line keeps it.", 300)  # fmt: skip
    advice = forms.ChoiceField(
        label="Did anyone advise you?",
        choices=[
            (Advice.NOBODY, "No"),
            (Advice.COUNSEL, "A lawyer of mine"),
            (Advice.UNION, "My union"),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    adult = _promise(
        "I am 18 or older, and so I was in every picture that is used. (An estate: the person was.)"
    )
    never_sexual = _promise("I know that sexual content of me can never be made under this.")
    cannot_untrain = _promise(
        "I know that I can end this at any time, and that it cannot take back what others have "
        "downloaded by then."
    )
    signature = _line("Sign with your name")

    def terms(self) -> SignedTerms:
        """Return what was filled in, complete or not: the rules say what is missing."""
        data = self.cleaned_data
        said = {v.value: data[v.value] == "yes" for v in Verb if data.get(v.value)}
        return SignedTerms(
            tuple(n.strip() for n in data["names"].split(",") if n.strip()),
            Signer(data["signer"]),
            data["authority"].strip(),
            data["purpose"].strip(),
            data["material"].strip(),
            said,
            frozenset(WorkType(t) for t in data["work_types"]),
            data["territory"].strip(),
            data.get("starts_on"),
            data.get("ends_on"),
            data["pay"].strip(),
            Advice(data["advice"]) if data["advice"] else None,
            adult=data["adult"],
            never_sexual=data["never_sexual"],
            cannot_untrain=data["cannot_untrain"],
            signature=data["signature"].strip(),
        )


def proposed(name: str, proposal: dict[str, Any], today: date) -> dict[str, object]:
    """Return what the terms start with: what was asked for, with every answer left open."""
    return {
        "names": name,
        "work_types": [proposal.get("work_type")],
        "territory": "worldwide",
        "starts_on": today,
        "ends_on": today + timedelta(days=int(proposal.get("days", 365))),
        "signer": Signer.PERSON,
    }


class ChannelForm(HouseForm):
    """A public page of the person's that shows the word."""

    url = forms.CharField(
        label="Your public page",
        help_text="The page on which people know you, for example your profile. It must be older "
        "than this request, and begin with https://",
        max_length=URL_MAX,
        widget=forms.URLInput(attrs=QUIET),
    )


class WordForm(HouseForm):
    """The signed word of a verifier."""

    word = forms.CharField(
        label="A verifier’s signed word",
        help_text="If a notary, agency or identity service gave you one, paste it here.",
        max_length=WORD_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )


class ShorterForm(HouseForm):
    """An earlier end."""

    last_day = forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}))


class CodeForm(HouseForm):
    """The secret of a private link, typed or pasted."""

    code = forms.CharField(
        label="The code at the end of your private link",
        max_length=200,
        widget=forms.TextInput(attrs={**QUIET, "spellcheck": "false"}),
    )


class VouchForm(HouseForm):
    """A moderator's word on whose channel it is."""

    answer = forms.ChoiceField(
        label="Is this the public channel of the person named above?",
        choices=[
            (VouchAnswer.YES, "Yes, I know it is theirs"),
            (VouchAnswer.NO, "No, or it cannot be told"),
        ],
        widget=forms.RadioSelect,
    )
    seen_since = forms.DateField(
        label="Since when can it be seen to be theirs?",
        required=False,
        help_text="The day of a post, article or archive copy that you looked at. It must be "
        "before the request.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
