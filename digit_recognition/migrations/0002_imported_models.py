from typing import Any

import django.utils.timezone
from django.db import migrations, models


def note_time(apps: Any, schema_editor: Any) -> None:
    """The model in use was put to use by now, so that `activate_model --previous` can go back to it."""
    rows = apps.get_model("digit_recognition", "DigitModel").objects.using(schema_editor.connection.alias)
    rows.filter(active=True).update(activated_at=django.utils.timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('digit_recognition', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='digitmodel',
            options={'ordering': ['-active', 'origin', '-version', 'name'], 'verbose_name': 'digit model', 'verbose_name_plural': 'digit models'},
        ),
        migrations.AddField(
            model_name='digitmodel',
            name='activated_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last put to use'),
        ),
        migrations.AddField(
            model_name='digitmodel',
            name='added_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='added'),
        ),
        migrations.AddField(
            model_name='digitmodel',
            name='note',
            field=models.TextField(blank=True, default='', verbose_name='note'),
        ),
        migrations.AddField(
            model_name='digitmodel',
            name='origin',
            field=models.CharField(choices=[('shipped', 'shipped'), ('imported', 'imported')], default='shipped', max_length=20, verbose_name='origin'),
        ),
        migrations.AlterField(
            model_name='digitmodel',
            name='file',
            field=models.CharField(help_text='Path of model.onnx in the folder of shipped or of imported models. Its model.json is beside it.', max_length=500, verbose_name='file'),
        ),
        migrations.AlterField(
            model_name='digitmodel',
            name='version',
            field=models.PositiveIntegerField(blank=True, help_text='of shipped models', null=True, verbose_name='version'),
        ),
        migrations.RunPython(note_time, migrations.RunPython.noop),
    ]
