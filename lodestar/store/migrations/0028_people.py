"""Children are found by birth date and family name together: what one slip makes of a date is asked with the name."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0027_name_index'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='person',
            name='store_perso_birth_d_f707e6_idx',
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['birth_date', 'name_key'], name='born_and_named', opclasses=['date_ops', 'varchar_pattern_ops']),
        ),
    ]
