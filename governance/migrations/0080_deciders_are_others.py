from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("governance", "0071_standards_from_records"),
        ('portfolio', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='condition',
            constraint=models.CheckConstraint(condition=models.Q(('closed_by__isnull', True), models.Q(models.Q(('closed_by', models.F('owner')), _negated=True), models.Q(('closed_by', models.F('evidenced_by')), _negated=True)), _connector='OR'), name='governance_condition_closer_is_neither', violation_error_message='Who owes the condition or gave the evidence does not close it.'),
        ),
        migrations.AddConstraint(
            model_name='deliverableversion',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(models.Q(('decided_by', models.F('author')), _negated=True), models.Q(('decided_by', models.F('submitted_by')), _negated=True)), _connector='OR'), name='governance_version_decider_is_neither', violation_error_message='Who wrote or submitted a version does not decide on it.'),
        ),
    ]
