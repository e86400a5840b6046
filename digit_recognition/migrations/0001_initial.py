
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DigitModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('file', models.CharField(help_text='Path of model.onnx in the folder of shipped models. Its model.json is beside it.', max_length=500, verbose_name='file')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the file')),
                ('scores', models.JSONField(default=list, verbose_name='measured scores')),
                ('active', models.BooleanField(default=False, verbose_name='in use')),
                ('chosen', models.BooleanField(default=False, help_text='A model chosen by a person stays in use when a newer version is shipped.', verbose_name='chosen by a person')),
            ],
            options={
                'verbose_name': 'digit model',
                'verbose_name_plural': 'digit models',
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('active', True)), fields=('active',), name='one_active_digit_model')],
            },
        ),
    ]
