import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("digest", models.BinaryField(unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("moderator", "Moderator"),
                            ("editor", "Editor"),
                            ("clinician", "Clinician"),
                            ("lead", "Lead"),
                        ],
                        max_length=12,
                    ),
                ),
                ("expires_on", models.DateField()),
                ("is_used", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["moderator", "editor", "clinician", "lead"])),
                        name="invitation_to_staff",
                    )
                ],
            },
        ),
    ]
