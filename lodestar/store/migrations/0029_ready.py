"""What is compared of whoever no report states is kept ready; `lodestar identity index` fills it, and until then it is made at each look."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0028_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='ready',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='person',
            name='ready_of',
            field=models.CharField(blank=True, max_length=20),
        ),
    ]
