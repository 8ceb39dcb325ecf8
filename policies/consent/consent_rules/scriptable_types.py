"""Types whose resources can call AWS by themselves, by prefix of their tokens. Data only.

Such a resource runs a program, a template or a request. A policy sees at most its text, and nothing of the program of a
dynamic provider. The list is not complete; the setting `scriptableTypes` adds to it.
"""

from __future__ import annotations

from typing import Final

_AWS_MODULES: Final = (
    "apigateway",
    "apigatewayv2",
    "appflow",
    "apprunner",
    "appsync",
    "batch",
    "bedrock",
    "cloudcontrol",
    "cloudcontrolapi",
    "cloudformation",
    "codebuild",
    "codepipeline",
    "connect",
    "datapipeline",
    "ecs",
    "eks",
    "elasticbeanstalk",
    "emr",
    "emrcontainers",
    "emrserverless",
    "finspace",
    "fis",
    "gamelift",
    "glue",
    "imagebuilder",
    "iot",
    "kinesisanalytics",
    "kinesisanalyticsv2",
    "lambda",
    "lex",
    "lightsail",
    "mwaa",
    "opsworks",
    "pipes",
    "robomaker",
    "sagemaker",
    "scheduler",
    "serverlessapplicationrepository",
    "serverlessrepository",
    "servicecatalog",
    "sfn",
    "ssmincidents",
    "stepfunctions",
    "synthetics",
)
"""Modules of services that run programs, templates or requests of their users."""

_AWS_TYPES: Final = (
    "aws:cfg/remediationConfiguration:",
    "aws:cloudwatch/eventApiDestination:",
    "aws:cloudwatch/eventConnection:",
    "aws:cloudwatch/eventTarget:",
    "aws:ec2/fleet:",
    "aws:ec2/instance:",
    "aws:ec2/launchConfiguration:",
    "aws:ec2/launchTemplate:",
    "aws:ec2/spotFleetRequest:",
    "aws:ec2/spotInstanceRequest:",
    "aws:ssm/association:",
    "aws:ssm/document:",
    "aws:ssm/maintenanceWindowTask:",
    "aws:autoscaling/group:",
)

SCRIPTABLE_TYPES: Final = (
    "pulumi-python:dynamic",
    "pulumi-nodejs:dynamic",
    "ansible:",
    "azure-native:",
    "azure:",
    "command:",
    "docker:",
    "docker-build:",
    "eks:",
    "external:",
    "gcp:",
    "github:",
    "gitlab:",
    "google-native:",
    "http:",
    "kubernetes:",
    "local:",
    "nomad:",
    "null:",
    "opentofu:",
    "pulumiservice:",
    "terraform:",
    "terraform-module:",
    "terraform-provider:",
    *_AWS_TYPES,
    *(
        f"{package}:{module}{end}"
        for module in _AWS_MODULES
        for package, end in (("aws", "/"), ("awscc", ":"), ("aws-native", ":"))
    ),
    *(
        f"{package}:{type_name}"
        for package in ("awscc", "aws-native")
        for type_name in (
            "ec2:Instance",
            "ec2:LaunchTemplate",
            "events:Rule",
            "ssm:Document",
            "ssm:Association",
        )
    ),
)
"""Prefixes of type tokens; case does not count."""

CALLS_NOTHING: Final = (
    "aws:iam/",
    "aws:organizations/policy:",
    "aws:cloudwatch/eventRule:",
    "aws:cloudwatch/logMetricFilter:",
    "aws:cloudwatch/metricAlarm:",
    "aws:ssm/parameter:",
)
"""Prefixes of types in which the name of an operation or domain is a permission, a filter or a value, not a call."""
