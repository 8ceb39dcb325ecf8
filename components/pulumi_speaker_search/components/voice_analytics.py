"""`VoiceAnalytics`: the long-lived infrastructure that searches share.

That is the key, the voice profile domain, the role, the sink and the pipeline configuration.

One `VoiceAnalytics` serves many `SpeakerSearch`. An existing part can be given by its ARN instead of being created.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi
from pulumi_aws import chime, chimesdkmediapipelines, iam, kinesis, kms, sns, sqs
from pulumi_aws.get_caller_identity import get_caller_identity, get_caller_identity_output
from pulumi_aws.get_partition import get_partition_output
from pulumi_aws.get_region import get_region

from ..consent.consent_value import Consent
from ..pulumi_internals import prepare_program
from ..resources.argument_types import require_consent, require_flags
from ..resources.aws_provider_option import refuse_foreign_aws_provider
from ..resources.ephemeral_options import refuse_deleted_with
from ..type_tokens import VOICE_ANALYTICS
from .child_options import child_options, former_names
from .consent_guard import consent_guard
from .declared_sinks import DeclaredSink, access_to, arns_by_service, existing_sink, refuse_wrong_sinks
from .domain_key_guard import keep_domain_key
from .iam_documents import SERVICE_TAG, permissions_policy, trust_policy
from .insights_sinks import DEFAULT_SINK, NEW_SINK, SINK_ORDER, Location, SinkValue
from .resource_names import ANALYTICS_NAME, DOMAIN_NAME, refuse_other_names
from .standing_withdrawal import with_standing_withdrawal

KEY_DELETION_WINDOW_DAYS: Final = 30
"""The longest that KMS allows: what the key encrypts is lost with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceAnalyticsArgs:
    """What `VoiceAnalytics` takes.

    Attributes:
        consent: The regime under which voices are processed; it goes onto everything as tags.
        kms_key_arn: A symmetric customer-managed key, tagged `AWSServiceName=ChimeSDK` where streams use it.
        voice_profile_domain_arn: A domain, used as it is.
        voice_profile_domain_name: 1 to 256 of letters, digits, space, `_ . -`; by default made by Pulumi.
        resource_access_role_arn: A role that Chime's media pipelines may take.
        sink: What is created to receive insights: `sqs`, `sns` or `kinesis`.
        sink_arn: A standard queue, a standard topic, a data stream or a function instead, in the same account and
            region. The role gets no permission on a key; `sinks` names one.
        sinks: Several sinks, one of each kind, in place of `sink` and `sink_arn`: `sqs`, `sns`, `kinesis` or `lambda` →
            `new` (not for `lambda`), an ARN, or an `ExistingSink` with the key that encrypts it. AWS recommends several
            where results have to be highly available.
        media_insights_pipeline_configuration_arn: A configuration with VoiceAnalytics; no role and no sink are made.
        voice_tone_analysis: Whether the configuration that is made lets pipelines run voice tone analyses. Whether a
            pipeline that is there already takes up a change is not documented: new `triggers` make a new one.
        protect_domain: Whether Pulumi refuses to delete the domain, whose profiles would go with it for ever, and the
            key that is made for it. So a change of the key, or of the region, is refused as well.
        tags: More tags, on everything.
    """

    consent: Consent
    kms_key_arn: pulumi.Input[str] | None = None
    voice_profile_domain_arn: pulumi.Input[str] | None = None
    voice_profile_domain_name: pulumi.Input[str] | None = None
    resource_access_role_arn: pulumi.Input[str] | None = None
    sink: str = DEFAULT_SINK
    sink_arn: pulumi.Input[str] | None = None
    sinks: Mapping[str, SinkValue] | None = None
    media_insights_pipeline_configuration_arn: pulumi.Input[str] | None = None
    voice_tone_analysis: bool = False
    protect_domain: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_flags(
            "VoiceAnalytics",
            protect_domain=self.protect_domain,
            voice_tone_analysis=self.voice_tone_analysis,
        )
        require_consent("VoiceAnalytics", self.consent, self.tags)
        if isinstance(self.voice_profile_domain_name, str):
            refuse_other_names("voice_profile_domain_name", self.voice_profile_domain_name, DOMAIN_NAME)
        refuse_wrong_sinks(self.sink, self.sink_arn, self.sinks)


class VoiceAnalytics(pulumi.ComponentResource):
    """Long-lived infrastructure that searches share."""

    kms_key_arn: pulumi.Output[str]
    voice_profile_domain_arn: pulumi.Output[str]
    resource_access_role_arn: pulumi.Output[str | None]
    sink_arn: pulumi.Output[str | None]
    """The sink, of several the first of queue, topic, data stream, function; None with an existing configuration."""
    sink_arns: pulumi.Output[Mapping[str, str]]
    """`sqs`, `sns`, `kinesis`, `lambda` → ARN; empty if the configuration is an existing one."""
    media_insights_pipeline_configuration_arn: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        args: VoiceAnalyticsArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        refuse_other_names("VoiceAnalytics", resource_name, ANALYTICS_NAME)
        refuse_foreign_aws_provider(resource_name, opts)
        refuse_deleted_with(resource_name, opts)
        prepare_program()
        super().__init__(VOICE_ANALYTICS, resource_name, None, opts)
        self.name = resource_name
        self.args = args
        self.tags = {**args.tags, **args.consent.tags()}
        self._opts = opts
        self.former_names = former_names(opts)
        self._guarded = child_options(self, opts, hooks=consent_guard())
        self.users_of_the_key_wait_for: list[pulumi.Resource] = []
        self.kms_key_arn = self._key()
        self.voice_profile_domain_arn = self._domain()
        made = self._configuration()
        self.resource_access_role_arn = made.role_arn
        self.sink_arn, self.sink_arns = made.sink_arn, made.sink_arns
        self.media_insights_pipeline_configuration_arn = made.arn
        self.register_outputs(
            {
                "kmsKeyArn": self.kms_key_arn,
                "voiceProfileDomainArn": self.voice_profile_domain_arn,
                "resourceAccessRoleArn": self.resource_access_role_arn,
                "sinkArn": self.sink_arn,
                "sinkArns": self.sink_arns,
                "mediaInsightsPipelineConfigurationArn": self.media_insights_pipeline_configuration_arn,
            }
        )

    def _with(self, **more: Any) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions.merge(self._guarded, pulumi.ResourceOptions(**more))

    def _tags_of(
        self, resource_type: type[pulumi.Resource], tags: Mapping[str, str] | None = None
    ) -> pulumi.Input[Mapping[str, pulumi.Input[str]]]:
        declared = self.tags if tags is None else tags
        return with_standing_withdrawal(
            resource_type, self.name, self, declared, former_names=self.former_names
        )

    def _key(self) -> pulumi.Output[str]:
        if self.args.kms_key_arn is not None:
            return pulumi.Output.from_input(self.args.kms_key_arn)
        return kms.Key(
            self.name,
            description="Voice profiles, audio streams and insights of speaker search",
            enable_key_rotation=True,
            deletion_window_in_days=KEY_DELETION_WINDOW_DAYS,
            tags=self._tags_of(kms.Key, {**self.tags, **SERVICE_TAG}),
            opts=self._with(protect=self.args.protect_domain),
        ).arn

    def _domain(self) -> pulumi.Output[str]:
        if self.args.voice_profile_domain_arn is not None:
            return pulumi.Output.from_input(self.args.voice_profile_domain_arn)
        domain = chime.SdkvoiceVoiceProfileDomain(
            self.name,
            name=self.args.voice_profile_domain_name,
            server_side_encryption_configuration={"kms_key_arn": self.kms_key_arn},
            tags=self._tags_of(chime.SdkvoiceVoiceProfileDomain),
            opts=child_options(
                self, self._opts, protect=self.args.protect_domain, hooks=consent_guard(keep_domain_key)
            ),
        )
        if self.args.kms_key_arn is not None:
            # The domain's key can't be changed: that is refused there, before a stream is replaced.
            self.users_of_the_key_wait_for = [domain]
        return domain.arn

    def _configuration(self) -> _Configuration:
        given = self.args.media_insights_pipeline_configuration_arn
        if given is not None:
            nothing = pulumi.Output.from_input(None)
            return _Configuration(
                pulumi.Output.from_input(given), nothing, nothing, pulumi.Output.from_input({})
            )
        sinks = self._sinks()
        role_arn, policies = self._role(sinks)
        configuration = chimesdkmediapipelines.MediaInsightsPipelineConfiguration(
            self.name,
            resource_access_role_arn=role_arn,
            elements=[
                _voice_analytics(has_voice_tone=self.args.voice_tone_analysis),
                *(sink.element() for sink in sinks),
            ],
            tags=self._tags_of(chimesdkmediapipelines.MediaInsightsPipelineConfiguration),
            opts=self._with(depends_on=policies),
        )
        return _Configuration(configuration.arn, role_arn, sinks[0].arn, arns_by_service(sinks))

    def _sinks(self) -> list[DeclaredSink]:
        args = self.args
        if args.sinks is None and args.sink_arn is not None:
            return [existing_sink(None, args.sink_arn, self._location())]
        declared: Mapping[str, SinkValue] = {args.sink: NEW_SINK} if args.sinks is None else args.sinks
        return [
            DeclaredSink(service, self._created_sink(service), self.kms_key_arn)
            if declared[service] == NEW_SINK
            else existing_sink(service, declared[service], self._location())
            for service in SINK_ORDER
            if service in declared
        ]

    def _location(self) -> Location:
        """Return the provider's account and region, at once: a wrong ARN then ends the program with a sentence."""
        invoke = pulumi.InvokeOptions(parent=self)
        return Location(get_caller_identity(opts=invoke).account_id, get_region(opts=invoke).region)

    def _created_sink(self, service: str) -> pulumi.Output[str]:
        """Create a sink that the key encrypts, and return its ARN."""
        opts = self._with(depends_on=self.users_of_the_key_wait_for)
        arn: pulumi.Output[str]
        match service:
            case "sqs":
                arn = sqs.Queue(
                    self.name,
                    kms_master_key_id=self.kms_key_arn,
                    tags=self._tags_of(sqs.Queue),
                    opts=opts,
                ).arn
            case "sns":
                arn = sns.Topic(
                    self.name,
                    kms_master_key_id=self.kms_key_arn,
                    tags=self._tags_of(sns.Topic),
                    opts=opts,
                ).arn
            case _:
                arn = kinesis.Stream(
                    self.name,
                    shard_count=1,
                    encryption_type="KMS",
                    kms_key_id=self.kms_key_arn,
                    tags=data_stream_tags(self.tags),
                    opts=opts,
                ).arn
        return arn

    def _role(self, sinks: Sequence[DeclaredSink]) -> tuple[pulumi.Output[str], list[pulumi.Resource]]:
        if self.args.resource_access_role_arn is not None:
            return pulumi.Output.from_input(self.args.resource_access_role_arn), []
        invoke = pulumi.InvokeOutputOptions(parent=self)
        account_id = get_caller_identity_output(opts=invoke).account_id
        partition = get_partition_output(opts=invoke).partition
        role = iam.Role(
            self.name,
            description="Amazon Chime SDK media pipelines read speaker search streams",
            assume_role_policy=pulumi.Output.all(account_id=account_id, partition=partition).apply(
                lambda known: json.dumps(trust_policy(**known))
            ),
            tags=self._tags_of(iam.Role),
            opts=self._guarded,
        )
        policy = iam.RolePolicy(
            self.name,
            role=role.name,
            policy=pulumi.Output.all(
                account_id=account_id, partition=partition, sinks=access_to(sinks)
            ).apply(lambda known: json.dumps(permissions_policy(**known))),
            opts=child_options(self, self._opts, depends_on=self.users_of_the_key_wait_for),
        )
        return role.arn, [policy]


@dataclass(frozen=True, slots=True)
class _Configuration:
    arn: pulumi.Output[str]
    role_arn: pulumi.Output[Any]
    sink_arn: pulumi.Output[Any]
    sink_arns: pulumi.Output[Mapping[str, str]]


def _voice_analytics(*, has_voice_tone: bool) -> Any:
    """Return the element that enables speaker search, and voice tone analysis only where it is asked for."""
    return {
        "type": "VoiceAnalyticsProcessor",
        "voice_analytics_processor_configuration": {
            "speaker_search_status": "Enabled",
            "voice_tone_analysis_status": "Enabled" if has_voice_tone else "Disabled",
        },
    }


def data_stream_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that every reading of the API of Kinesis Data Streams allows.

    Its model is of two minds about `:` in tags, which consent tags have in keys and values, so a data stream gets none
    of those. Nothing reads consent there: it is read on domain, stream and pipeline.
    """
    return {key: value for key, value in tags.items() if ":" not in key + value}
