"""What each rule of the consent pack lets pass, what it refuses, and the ways round it that were tried."""

from __future__ import annotations

import base64
from typing import Final

from tests.policies.analyzer import UNKNOWN, Declared, secret
from tests.policies.case import Case, Table
from tests.policies.voice_stack import (
    CONFIGURATION_ARN,
    CONSENT,
    DOMAIN,
    DOMAIN_ARN,
    IN_SCOPE,
    PIPELINE_ID,
    SEARCH,
    STREAM,
    STREAM_ARN,
    TASK,
    configuration,
    consent,
    domain,
    pipeline,
    stream,
    task,
    whole,
)

_REQUIRED: Final = ("schema", "record-ref", "notice", "purpose", "basis", "jurisdiction", "status", "expires", "retention-days")
_OTHER_TYPE: Final = "awscc:kinesisvideo:Stream"
_KEY_VALUE_TAGS: Final = [{"key": key, "value": value} for key, value in CONSENT.items()]


def _as(type_token: str, tags: object = CONSENT, name: str = "one", **more: object) -> Declared:
    return Declared(type_token, name, {"tags": tags, **more})


def _lacking() -> list[Case]:
    table = Table("consent-tags-required")
    table.passes("a whole stack with consent", *whole())
    table.passes("a type that is out of scope", Declared("aws:s3/bucket:Bucket", "bucket", {}))
    table.passes("a tag that is not required is absent", task(tags=consent(without=("method",))))
    table.passes("tags in tagsAll alone, from the provider's default tags", Declared(STREAM, "s", {"tagsAll": CONSENT}))
    table.passes("a tag that no setting requires", task(tags=consent(without=("schema",))), required=["purpose"])
    table.passes("another prefix", task(tags={f"legal/{k[8:]}": v for k, v in CONSENT.items()}), prefix="legal/")
    table.passes("an added type with a list of tags", _as(_OTHER_TYPE, _KEY_VALUE_TAGS), additionalTypes=[_OTHER_TYPE])
    table.passes("an unknown tag is there", task(tags=consent(schema=UNKNOWN)))
    table.passes("all tags unknown is another rule's matter", task(tags=UNKNOWN))
    table.passes("an absent tag that default tags may bring", Declared(STREAM, "s", {"tags": {}, "tagsAll": UNKNOWN}))
    for type_token in IN_SCOPE:
        table.refuses(f"{type_token} without tags", Declared(type_token, "bare", {}), hints=_REQUIRED)
    for name in _REQUIRED:
        table.refuses(f"no {name}", task(tags=consent(without=(name,))), hints=[f"consent:{name}"])
    table.refuses("an empty tag", task(tags=consent(notice="")), hints=["consent:notice (empty)"])
    table.refuses("a blank tag", task(tags=consent(notice="  ")), hints=["consent:notice (empty)"])
    for key in (
        "Consent:Status",
        "consent: status",
        "consent:status ",
        "consent.status",
        "consent_status",
        "сonsent:stаtus",
        "ｃonsent:status",
        "consent:\u200bstatus",
        "consent:statuss",
        "c0nsent:status",
    ):
        tags = {**consent(without=("status",)), key: "given"}
        table.refuses(f"the key {key!a} for status", task(tags=tags), hints=["is another key", ascii(key)])
    table.refuses("a setting can't drop the status", task(tags=consent(without=("status",))), required=[])
    table.refuses("a setting can require more", task(), required=["withdrawal"], hints=["consent:withdrawal"])
    table.refuses("tags that tagsAll does not have", Declared(STREAM, "s", {"tags": CONSENT, "tagsAll": {}}))
    table.refuses("an added type", _as(_OTHER_TYPE, {}), additionalTypes=[_OTHER_TYPE])
    table.refuses("tags that were taken off in AWS", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": {}}))
    table.refuses("only our own ledger tags", pipeline(tags={"speaker-search:pipeline": "x"}))
    return table.cases


def _malformed() -> list[Case]:
    table = Table("consent-tags-well-formed")
    table.passes("a whole stack with consent", *whole())
    table.passes("a type that is out of scope", _as("aws:s3/bucket:Bucket", {"consent:schema": "?"}))
    table.passes("optional tags", task(tags=consent(method="e-signature", controller="acme", withdrawal="proc-1")))
    table.passes("tags of others", task(tags={**CONSENT, "team": "voice", "speaker-search:pipeline": "?"}))
    table.passes("unknown values are another rule's matter", task(tags=consent(schema=UNKNOWN)))
    table.passes("empty values are another rule's matter", task(tags=consent(schema="")))
    table.passes("a listed purpose", task(tags=consent(purpose="a+b")), purposes=["a", "b"])
    table.passes("a listed jurisdiction", task(tags=consent(jurisdiction="US-IL")), jurisdictions=["US-IL"])
    table.passes("a listed basis", task(tags=consent(basis="eu-gdpr:A9-2-a")), bases=["eu-gdpr:A9-2-a"])
    wrong = {
        "schema": ("1.0", "Name:1.0", "name:1", "name:1.0\n"),
        "record-ref": ("short-1", "has space in it", "x" * 129),
        "notice": ("notice", "http://example.com/n", "https://example.com/n?id=7"),
        "purpose": ("Fraud", "fraud++quality", "+fraud", "fraud quality"),
        "basis": ("gdpr", "EU:A9", "eu-gdpr:"),
        "jurisdiction": ("us-il", "USA", "US-IL US-TX", "US-ILLI"),
        "status": ("Given", "given ", "yes"),
        "expires": ("2026-02-31", "31.12.2099", "2099-1-1", "never"),
        "retention-days": ("0", "10000", "90.0", "-1", "９０"),
    }
    for name, values in wrong.items():
        for value in values:
            tags = consent(**{name.replace("-", "_"): value})
            table.refuses(f"{name} {value[:20]!a}", task(tags=tags), hints=[f"consent:{name} is not of the form"])
    table.refuses("a number instead of text", task(tags=consent(retention_days=90)), hints=["is not text"])
    table.refuses("a list instead of text", task(tags=consent(purpose=["a", "b"])), hints=["is not text"])
    table.refuses("an unknown key", task(tags=consent(purposes="a")), hints=["did you mean 'consent:purpose'"])
    table.refuses("a key like no other", task(tags=consent(zzz="a")), hints=["is no consent tag"])
    table.refuses("a purpose off the list", task(tags=consent(purpose="a+c")), purposes=["a", "b"])
    table.refuses("a jurisdiction off the list", task(tags=consent(jurisdiction="US-IL+DE")), jurisdictions=["US-IL"])
    table.refuses("a basis off the list", task(tags=consent(basis="us-tx:cubi")), bases=["us-il:bipa-15b"])
    table.refuses("an added type", _as(_OTHER_TYPE, consent(schema="?")), additionalTypes=[_OTHER_TYPE])
    table.refuses("a tag that became wrong in AWS", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": consent(schema="?")}))
    return table.cases


def _out_of_force() -> list[Case]:
    table = Table("consent-in-force")
    table.passes("a whole stack with consent", *whole())
    table.passes("the last day itself", task(tags=consent(expires="2026-11-23")))
    table.passes("exactly as many days left as wanted", task(tags=consent(expires="2026-12-23")), minimumDaysLeft=30)
    table.passes("absent tags are another rule's matter", task(tags={}))
    table.passes("unknown tags are another rule's matter", task(tags=consent(status=UNKNOWN, expires=UNKNOWN)))
    table.passes("a type that is out of scope", _as("aws:s3/bucket:Bucket", consent(status="withdrawn")))
    table.refuses("the day after", task(tags=consent(expires="2026-11-22")), hints=["consent:expires is past"])
    table.refuses("one day fewer than wanted", task(tags=consent(expires="2026-12-22")), minimumDaysLeft=30, hints=["fewer than 30"])
    table.refuses("consent withdrawn", task(tags=consent(status="withdrawn")), hints=["consent:status is not 'given'"])
    table.refuses("consent expired", domain(tags=consent(status="expired")))
    table.refuses("a status in capitals", task(tags=consent(status="GIVEN")))
    table.refuses("an empty status", task(tags=consent(status="")))
    table.refuses("no date", task(tags=consent(expires="never")), hints=["names no day"])
    table.refuses("a day that no month has", task(tags=consent(expires="2027-02-30")), hints=["names no day"])
    table.refuses("an empty date", task(tags=consent(expires="")))
    table.refuses("a number for a date", task(tags=consent(expires=20991231)))
    table.refuses("a secret that is past", task(tags=consent(expires=secret("2020-01-01"))))
    table.refuses("default tags win over nothing", Declared(STREAM, "s", {"tags": {}, "tagsAll": consent(status="expired")}))
    table.refuses("withdrawn in AWS since", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": consent(status="withdrawn")}))
    return table.cases


def _personal() -> list[Case]:
    table = Table("consent-no-personal-data")
    table.passes("a whole stack with consent", *whole())
    for text in (
        "arn:aws:iam::123456789012:role/voice",
        "2026-11-23",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "DPIA 2026/0012-A",
        "v1.2.3-rc4",
        "1732380000",
        "123-45-67890",
        "4111 1111 1111 1112",
        "000-12-3456",
        "US-IL+US-TX+CA-QC",
        "team at work",
        "111.111.111-11",
        "DE12 3456 7890 1234 5678 90",
        "12345678A",
        "speaker-search:callers:v3",
        "eyJhbGciOiJub25lIn0x",
    ):
        table.passes(f"the harmless {text}", task(tags={**CONSENT, "note": text}))
    table.passes("a type that is out of scope", _as("aws:s3/bucket:Bucket", {"owner": "a.person@example.com"}))
    table.passes("a property that is not looked through", task(region="a.person@example.com"))
    table.passes("unknown text", task(tags={"note": UNKNOWN}, description=UNKNOWN))
    mail, encoded = "a.person@example.com", base64.b64encode(b"a.person@example.com").decode()
    for kind, texts in {
        "an e-mail address": (
            mail,
            "a.person＠example.com",
            "a.per\u200bson@example.com",
            "a.person%40example.com",
            "a.person at example dot com",
            "a_person_at_example_dot_com",
            "a.person(at)example(dot)com",
            encoded,
            f"contact {mail}!",
        ),
        "a phone number": (
            "+1 217 555 0123",
            "+442079460123",
            "(217) 555-0123",
            "217-555-0123",
            "217.555.0123",
            "0044 20 7946 0123",
            "tel:2175550123",
            "+١٢١٧٥٥٥٠١٢٣",
        ),
        "a US social security number": ("219-09-9999", "219 09 9999", "219.09.9999"),
        "a payment card number": ("4111 1111 1111 1111", "4111111111111111", "5500-0000-0000-0004"),
        "a bank account number": ("DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"),
        "a UK national insurance number": ("QQ 12 34 56 C".replace("QQ", "AB"), "ab123456c"),
        "a Spanish identity number": ("12345678Z", "X1234567L"),
        "an Italian tax code": ("RSSMRA85T10A562S",),
        "a Brazilian CPF": ("529.982.247-25",),
        "an Indian PAN": ("ABCPE1234F",),
        "a date of birth": ("born 1980-02-29", "dob: 29.02.1980"),
    }.items():
        for text in texts:
            table.refuses(f"{kind} as {text!a}", task(tags={**CONSENT, "note": text}), hints=[kind])
    table.refuses("a bare number in a consent tag", task(tags=consent(record_ref="2175550123")), hints=["bare number"])
    table.refuses("in a description", domain(description=f"Ask {mail}"), hints=["description has"])
    table.refuses("in a name", stream(name="calls"), domain(name="d", **{"description": mail}))
    table.refuses("in the name in the program", task(name=mail), hints=["its name in the program"])
    table.refuses("in a tag's key", task(tags={**CONSENT, mail: "x"}), hints=["the key of tag"])
    table.refuses("in a tag of a list", _as(_OTHER_TYPE, [{"Key": "who", "Value": mail}]), additionalTypes=[_OTHER_TYPE])
    table.refuses("in runtime metadata", pipeline(media_insights_runtime_metadata={"from": "+12175550123"}))
    table.refuses("deep in a property that a setting adds", task(extra={"a": [{"b": mail}]}), properties=["extra"])
    table.refuses("as a secret", task(tags={"note": secret(mail)}))
    table.refuses("in AWS only", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": {**CONSENT, "who": mail}}))
    return table.cases


def _unknowable() -> list[Case]:
    table = Table("consent-known")
    table.passes("a whole stack with consent", *whole())
    table.passes("another tag that is unknown", task(tags={**CONSENT, "Name": UNKNOWN}))
    table.passes("tagsAll unknown, all required tags in tags", stream(tagsAll=UNKNOWN))
    table.passes("outputs of a preview", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": UNKNOWN, "arn": UNKNOWN}))
    table.passes("a type that is out of scope", _as("aws:s3/bucket:Bucket", UNKNOWN))
    table.passes("another prefix's tag is unknown", task(tags={"consent:x": UNKNOWN}), prefix="legal/")
    table.refuses("one unknown tag", task(tags=consent(notice=UNKNOWN)), hints=["consent:notice is only known after"])
    table.refuses("all tags unknown", task(tags=UNKNOWN), hints=["whether it carries", "consent:status"])
    table.refuses("default tags that may bring one", Declared(STREAM, "s", {"tags": {}, "tagsAll": UNKNOWN}))
    table.refuses("an unknown tag that is not required", task(tags=consent(method=UNKNOWN)))
    table.refuses("a secret that can't be decrypted", task(tags=consent(notice="[secret]")), hints=["can't decrypt"])
    table.refuses("all tags a secret that can't be decrypted", task(tags="[secret]"), hints=["can't decrypt"])
    table.refuses("an unknown key in a list", _as(_OTHER_TYPE, [{"key": UNKNOWN, "value": "x"}]), additionalTypes=[_OTHER_TYPE])
    table.refuses("an unknown tag in a list", _as(_OTHER_TYPE, [UNKNOWN]), additionalTypes=[_OTHER_TYPE])
    return table.cases


_TASK_INPUTS: Final = {"identifier": PIPELINE_ID, "voice_profile_domain_arn": "x"}


def _bypassing() -> list[Case]:
    table = Table("consent-not-bypassed")
    python, node, shell = "pulumi-python:dynamic/x:Y", "pulumi-nodejs:dynamic:Resource", "command:local:Command"
    table.passes("a whole stack with consent", *whole())
    table.passes("ignoreChanges of something else", _ignoring("dataRetentionInHours"))
    table.passes("ignoreChanges of another tag", _ignoring("tags.Name"))
    table.passes("ignoreChanges of another tag in brackets", _ignoring('tags["Name"]'))
    table.passes("a dynamic resource of another kind", Declared(python, "d", {"identifier": "x", "name": "y"}))
    table.passes("a command of another kind", Declared(shell, "c", {"create": "aws s3 ls"}))
    table.passes("a command that makes a configuration", Declared(shell, "c", {"create": "create-media-insights-pipeline-configuration"}))
    table.passes("a function's environment", Declared("aws:lambda/function:Function", "f", _TASK_INPUTS))
    table.passes("a task right under the stack", task(parents=()))
    table.passes("a component that a setting allows", task(parents=("acme:index:Calls",)), allowedParents=["acme:index:Calls"])
    table.passes("SpeakerSearch within another component", task(parents=("acme:index:Calls", SEARCH)))
    table.passes("a stream under any component", Declared(STREAM, "s", {"tags": CONSENT}, parents=("acme:index:Calls",)))
    table.passes("no ledger where a setting allows it", task(ledger=False), allowWithoutLedger=True)
    table.passes("unknown default tags", stream(tagsAll=UNKNOWN))
    table.passes("an unknown tag in tagsAll", stream(tagsAll={**CONSENT, "consent:notice": UNKNOWN}))
    table.passes("a script type that no setting lists", Declared(shell, "c", {"create": "start-speaker-search-task"}), scriptableTypes=["x:y"])
    for path in ("tags", "tagsAll", "*", "tags.*", '["tags"]', 'tags["consent:status"]', "tags.consent:status", " tags "):
        table.refuses(f"ignoreChanges of {path}", _ignoring(path), hints=["ignoreChanges"])
    contradicting = {"tags": CONSENT, "tagsAll": consent(status="withdrawn")}
    table.refuses("tags that tagsAll contradicts", Declared(STREAM, "s", contradicting), hints=["consent:status"])
    table.refuses("tags that tagsAll lacks", Declared(STREAM, "s", {"tags": CONSENT, "tagsAll": {}}), hints=["contradict"])
    table.refuses("a task in another component", task(parents=(SEARCH, "acme:index:Calls")), hints=["acme:index:Calls"])
    table.refuses("a pipeline in another component", pipeline(parents=("acme:index:Calls",)))
    table.refuses("a task under a resource", task(parents=(SEARCH, STREAM)))
    table.refuses("a task right under the stack", task(parents=()), allowedAtTheRoot=False, hints=["allowedAtTheRoot"])
    table.refuses("a task without ledger", task(ledger=False), hints=["ledger"])
    table.refuses("a task without ledger, as a secret", task(ledger=secret(False)))
    for what, properties in {
        "a task in snake case": _TASK_INPUTS,
        "a task in camel case": {"identifier": "x", "voiceProfileDomainArn": "x"},
        "a task as AWS writes it": {"Identifier": "x", "VoiceProfileDomainArn": "x"},
        "a task one level down": {"request": {"Identifier": "x", "VoiceProfileDomainArn": "x"}},
        "a task in a list": {"calls": [{"Identifier": "x", "VoiceProfileDomainArn": "x"}]},
        "a task whose values are unknown": {"identifier": UNKNOWN, "voice_profile_domain_arn": UNKNOWN},
        "a task without pipeline": {"voice_profile_domain_arn": "x", "kinesis_video_stream_source_task_configuration": {}},
        "a tone task": {"kinesisVideoStreamSourceTaskConfiguration": {}},
        "a pipeline": {"media_insights_pipeline_configuration_arn": "x"},
        "a voice profile": {"SpeakerSearchTaskId": "x"},
        "renamed keys and a domain's ARN": {"a": DOMAIN_ARN, "b": "x"},
        "the URL of the API": {"url": "/media-insights-pipelines/x/speaker-search-tasks?operation=start"},
    }.items():
        table.refuses(f"in disguise: {what}", Declared(python, "d", properties), hints=["past these rules"])
    table.refuses("in disguise, in JavaScript", Declared(node, "d", {"identifier": "x", "voiceProfileDomainArn": "x"}))
    for text in (
        "aws chime-sdk-media-pipelines start-speaker-search-task --identifier x",
        "aws chime-sdk-media-pipelines start-voice-tone-analysis-task --x y",
        "aws chime-sdk-media-pipelines create-media-insights-pipeline --x y",
        "aws chime-sdk-voice create-voice-profile --speaker-search-task-id x",
        "python -c 'client.start_speaker_search_task()'",
        "node -e 'new StartSpeakerSearchTaskCommand()'",
    ):
        table.refuses(f"a command: {text[:60]}", Declared(shell, "c", {"create": text}), hints=["calls for"])
    table.refuses("an added type with ignoreChanges", _ignoring("tags", _OTHER_TYPE), additionalTypes=[_OTHER_TYPE])
    table.refuses("ignoreChanges of a tag with another prefix", _ignoring("tags.legal/status"), prefix="legal/")
    return table.cases


def _ignoring(path: str, type_token: str = STREAM) -> Declared:
    return Declared(type_token, "s", {"tags": CONSENT}, ignore_changes=(path,))


_FOREIGN: Final = "arn:aws:chime:us-east-1:210987654321:voice-profile-domain/elsewhere"


def _uncovered() -> list[Case]:
    table = Table("consent-covers-search")
    stands = (domain(), stream(), configuration(), pipeline())
    table.passes("a whole stack with consent", *whole())
    table.passes("nothing to search", domain())
    table.passes("a domain with more purposes", *_last(domain(tags=consent(purpose="fraud-prevention+quality+training"))))
    table.passes("a stream with more jurisdictions", *_last(stream(tags=consent(jurisdiction="US-IL+US-TX+US-WA"))))
    table.passes("a trusted domain", *stands, task(voice_profile_domain_arn=_FOREIGN), trustedDomains=[_FOREIGN])
    table.passes("a trusted stream", domain(), configuration(), pipeline(**_streaming("x:stream/1")), task(kinesis_video_stream_source_task_configuration={"stream_arn": "x:stream/1"}), trustedStreams=["x:stream/1"])
    table.passes("a trusted pipeline", domain(), stream(), task(), trustedPipelines=[PIPELINE_ID])
    table.passes("a trusted configuration", stream(), pipeline(), trustedConfigurations=[CONFIGURATION_ARN])
    table.passes("a pipeline by its ARN", *stands[:3], _with_arn(pipeline(), "arn:p"), task(identifier="arn:p"))
    table.passes("ARNs that are known after the update", *_previewed())
    table.passes("a tone task", *stands, _tone())
    table.passes("no consent at all is another rule's matter", *_all_tagged({}))
    table.refuses("a domain with another record", *stands[1:], domain(tags=consent(record_ref="rec/2026/0002")), task(), hints=["consent:record-ref as its domain domain"])
    table.refuses("a stream with another record", domain(), configuration(tags=consent(record_ref="rec/2026/0002")), pipeline(tags=consent(record_ref="rec/2026/0002")), stream(tags=consent(record_ref="rec/2026/0002")), task(), hints=["record-ref as its stream"])
    table.refuses("a pipeline with another record", domain(), stream(), pipeline(tags=consent(record_ref="rec/2026/0002")), task(), also=["pipeline"])
    table.refuses("a domain without a purpose of the task", *stands[1:], domain(tags=consent(purpose="quality")), task(), hints=["consent:purpose that is not among"])
    table.refuses("a domain without a jurisdiction of the task", *stands[1:], domain(tags=consent(jurisdiction="US-WA")), task(), hints=["consent:jurisdiction that is not among"])
    table.refuses("a domain for the whole country", *stands[1:], domain(tags=consent(jurisdiction="US")), task())
    table.refuses("a domain without a record", *stands[1:], domain(tags=consent(without=("record-ref",))), task())
    table.refuses("a configuration with another record", stream(), configuration(tags=consent(record_ref="rec/2026/0002")), pipeline())
    table.refuses("a second stream with another record", *_two_streams())
    table.refuses("a domain from elsewhere", *stands, task(voice_profile_domain_arn=_FOREIGN), hints=["not in this stack and not in trustedDomains"])
    table.refuses("a domain from elsewhere beside another trusted", *stands, task(voice_profile_domain_arn=_FOREIGN), trustedDomains=[_FOREIGN + "2"])
    table.refuses("a domain from elsewhere that depends on ours", *stands, _sourced(task(voice_profile_domain_arn=_FOREIGN), "domain"))
    table.refuses("a stream from elsewhere", domain(), configuration(), pipeline(), task(), hints=["trustedStreams"], also=["pipeline"])
    table.refuses("a pipeline from elsewhere", domain(), stream(), task(), hints=["trustedPipelines"])
    table.refuses("no domain", *stands, _without(task(), "voice_profile_domain_arn"), hints=["names no domain"])
    table.refuses("no streams", configuration(), pipeline(kinesis_video_stream_source_runtime_configuration={"streams": []}), hints=["names no stream"])
    table.refuses("a domain that nobody can know", *stands, task(voice_profile_domain_arn=UNKNOWN), hints=["no resource here gives"])
    table.refuses("an unknown record", *stands[1:], domain(tags=consent(record_ref=UNKNOWN)), task(tags=consent(record_ref=UNKNOWN)))
    table.refuses("a new domain with another record", *_previewed(tags=consent(record_ref="rec/2026/0002")))
    table.refuses("a tone task on a foreign pipeline", stream(), _tone())
    return table.cases


def _last(replaced: Declared) -> tuple[Declared, ...]:
    return whole(**{replaced.name: replaced})


def _streaming(arn: str) -> dict[str, object]:
    return {"kinesis_video_stream_source_runtime_configuration": {"streams": [{"stream_arn": arn}]}}


def _with_arn(one: Declared, arn: str) -> Declared:
    return Declared(one.type, one.name, one.inputs, {**one.seen_outputs, "media_pipeline_arn": arn}, one.parents)


def _without(one: Declared, name: str) -> Declared:
    return Declared(one.type, one.name, {key: value for key, value in one.inputs.items() if key != name}, parents=one.parents)


def _sourced(one: Declared, source: str) -> Declared:
    return Declared(one.type, one.name, one.inputs, parents=one.parents, sources={"voice_profile_domain_arn": (source,)})


def _tone() -> Declared:
    inputs = {
        "identifier": PIPELINE_ID,
        "language_code": "en-US",
        "kinesis_video_stream_source_task_configuration": {"stream_arn": STREAM_ARN, "channel_id": 0},
        "tags": CONSENT,
    }
    return Declared("pulumi-python:dynamic/chime:VoiceToneAnalysisTask", "tone", inputs, parents=(SEARCH,))


def _all_tagged(tags: dict[str, object]) -> tuple[Declared, ...]:
    return (domain(tags=tags), stream(tags=tags), configuration(tags=tags), pipeline(tags=tags), task(tags=tags))


def _two_streams() -> tuple[Declared, ...]:
    other = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/other/1700000000001"
    streams = {"streams": [{"stream_arn": STREAM_ARN}, {"stream_arn": other}]}
    return (
        stream(),
        Declared(STREAM, "other", {"tags": consent(record_ref="rec/2026/0002")}, {"arn": other, "tags": consent(record_ref="rec/2026/0002")}),
        configuration(),
        pipeline(kinesis_video_stream_source_runtime_configuration=streams),
    )


def _previewed(tags: object = CONSENT) -> tuple[Declared, ...]:
    """Everything is new: no ARN and no id is known, but the engine knows where each comes from."""
    inputs = {
        "identifier": UNKNOWN,
        "voice_profile_domain_arn": UNKNOWN,
        "kinesis_video_stream_source_task_configuration": {"stream_arn": UNKNOWN, "channel_id": 0},
        "tags": CONSENT,
    }
    sources = {
        "identifier": ("pipeline",),
        "voice_profile_domain_arn": ("domain",),
        "kinesis_video_stream_source_task_configuration": ("stream",),
    }
    running = {
        "media_insights_pipeline_configuration_arn": UNKNOWN,
        "kinesis_video_stream_source_runtime_configuration": {"streams": [{"stream_arn": UNKNOWN}]},
        "tags": CONSENT,
    }
    running_sources = {
        "media_insights_pipeline_configuration_arn": ("configuration",),
        "kinesis_video_stream_source_runtime_configuration": ("stream",),
    }
    return (
        Declared(DOMAIN, "domain", {"tags": tags}, {"tags": tags, "arn": UNKNOWN}),
        Declared(STREAM, "stream", {"tags": CONSENT}, {"tags": CONSENT, "arn": UNKNOWN}),
        Declared(configuration().type, "configuration", {"tags": CONSENT}, {"tags": CONSENT, "arn": UNKNOWN}),
        Declared(pipeline().type, "pipeline", running, {**running, "media_pipeline_id": UNKNOWN}, (SEARCH,), sources=running_sources),
        Declared(TASK, "task", inputs, parents=(SEARCH,), sources=sources),
    )


def _kept() -> list[Case]:
    table = Table("consent-retention")
    table.passes("a whole stack with consent", *whole())
    table.passes("Illinois, the ceiling", task(tags=consent(jurisdiction="US-IL", retention_days="1095")))
    table.passes("Texas, the ceiling", task(tags=consent(jurisdiction="US-TX", retention_days="365")))
    table.passes("a place without a number, AWS's ceiling", task(tags=consent(jurisdiction="DE", retention_days="1095")))
    table.passes("a type that is out of scope", _as("aws:s3/bucket:Bucket", consent(retention_days="9999")))
    table.passes("a stream as long as its tag", stream(tags=consent(retention_days="2"), dataRetentionInHours=48))
    table.passes("a stream that keeps nothing", Declared(STREAM, "s", {"tags": CONSENT}))
    table.passes("malformed days are another rule's matter", task(tags=consent(retention_days="x")))
    table.passes("a setting can't raise a ceiling, nor does it lower others", task(tags=consent(jurisdiction="DE", retention_days="1000")), ceilings={"FR": 10})
    table.refuses("Illinois, a day more", task(tags=consent(jurisdiction="US-IL", retention_days="1096")), hints=["1095 days, the ceiling of"])
    table.refuses("Texas, a day more", task(tags=consent(jurisdiction="US-TX", retention_days="366")), hints=["365 days", "503.001"])
    table.refuses("the strictest of several", task(tags=consent(jurisdiction="US-IL+US-TX", retention_days="366")), hints=["US-TX"])
    table.refuses("a country that hides its states", task(tags=consent(jurisdiction="US", retention_days="366")), hints=["US-TX"])
    table.refuses("anywhere, more than AWS itself", task(tags=consent(jurisdiction="DE", retention_days="1096")), hints=["ceiling of *"])
    table.refuses("no jurisdiction, more than AWS itself", task(tags=consent(without=("jurisdiction",), retention_days="1096")))
    table.refuses("a setting that raises Texas", task(tags=consent(jurisdiction="US-TX", retention_days="366")), ceilings={"US-TX": 900})
    table.refuses("a ceiling that a setting adds", task(tags=consent(jurisdiction="DE", retention_days="31")), ceilings={"DE": 30})
    table.refuses("a country's ceiling for its part", task(tags=consent(jurisdiction="DE-BY", retention_days="31")), ceilings={"DE": 30})
    table.refuses("a stream longer than its tag", stream(tags=consent(retention_days="2"), dataRetentionInHours=49), hints=["longer than its own"])
    table.refuses("a stream longer than the ceiling", stream(tags=consent(jurisdiction="US-TX"), dataRetentionInHours=365 * 24 + 1), hints=["365 days"])
    table.refuses("a stream whose retention is unknown", stream(dataRetentionInHours=UNKNOWN), hints=["only known after"])
    texan = consent(jurisdiction="US-TX", retention_days="365")
    long = consent(jurisdiction="DE", retention_days="366")
    table.refuses("a domain that a task from Texas uses", task(tags=texan), domain(tags=long), hints=["US-TX"])
    table.refuses("a stream that a pipeline from Texas uses", pipeline(tags=texan), stream(tags=long), hints=["US-TX"])
    return table.cases


CONSENT_CASES: Final = [
    *_lacking(),
    *_malformed(),
    *_out_of_force(),
    *_personal(),
    *_unknowable(),
    *_bypassing(),
    *_uncovered(),
    *_kept(),
]
