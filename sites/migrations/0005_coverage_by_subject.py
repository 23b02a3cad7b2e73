import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """Facts are made anew under a key of their own: one index to write instead of four."""

    dependencies = [
        ('sites', '0004_travel'),
    ]

    operations = [
        migrations.DeleteModel(name='Coverage'),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('pk', models.CompositePrimaryKey('subject', 'standard_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('standard', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='sites.standard')),
                ('subject', models.CharField(max_length=12)),
                ('built', models.BooleanField(null=True)),
                ('reached', models.BooleanField(null=True)),
                ('met', models.BooleanField()),
                ('certain', models.BooleanField()),
                ('nearest', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sites.site')),
                ('distance_m', models.FloatField(null=True)),
                ('last_event_on', models.DateField(null=True)),
            ],
            options={
                'verbose_name': '覆盖结果',
                'verbose_name_plural': '覆盖结果',
            },
        ),
        migrations.RunSQL('DELETE FROM sites_evaluation', migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='coverage',
            trigger=pgtrigger.compiler.Trigger(name='coverage_lost', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (current_setting('fazhimap.evaluating', true) IS DISTINCT FROM 'on')", func='INSERT INTO changed (source, at) VALUES (TG_TABLE_NAME, now()); RETURN NULL;', hash='3ae1ec9eda6e3db02e0ac65daf78db5d5bf66da6', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_coverage_lost_acef7', table='sites_coverage', when='AFTER')),
        ),
    ]
