import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Sums of the facts by division; the next reader makes them, with the facts."""

    dependencies = [
        ('sites', '0005_coverage_by_subject'),
    ]

    operations = [
        migrations.AddField(
            model_name='evaluation',
            name='subjects',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='Summary',
            fields=[
                ('pk', models.CompositePrimaryKey('standard_id', 'code', blank=True, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=6)),
                ('subjects', models.PositiveIntegerField()),
                ('built', models.PositiveIntegerField(null=True)),
                ('reached', models.PositiveIntegerField(null=True)),
                ('met', models.PositiveIntegerField()),
                ('doubtful', models.PositiveIntegerField()),
                ('met_least', models.PositiveIntegerField()),
                ('met_most', models.PositiveIntegerField()),
                ('population', models.PositiveBigIntegerField(null=True)),
                ('population_met', models.PositiveBigIntegerField(null=True)),
                ('population_unknown', models.PositiveIntegerField()),
                ('median_m', models.FloatField(null=True)),
                ('p90_m', models.FloatField(null=True)),
                ('max_m', models.FloatField(null=True)),
                ('without_distance', models.PositiveIntegerField()),
                ('neediest', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('standard', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sites.standard')),
            ],
        ),
        migrations.RunSQL('DELETE FROM sites_evaluation', migrations.RunSQL.noop),
    ]
