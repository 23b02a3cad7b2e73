"""Photos of a place: served to everybody, added and taken away by its stewards."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapui.middleware import takes_forms
from mapui.planner.standard_forms import PlainTexts
from mapui.problems import Missing
from sites import access, clock, photos
from sites.errors import WrongPicture
from sites.models import Photo, Site

JPEG = "image/jpeg"
SMALL = "-small"
A_DAY_S = 24 * 3600
MOST = 12  # of a place
UNPROCESSABLE = 422


class PhotoForm(PlainTexts):
    """A photo and what is told of it."""

    upload = forms.FileField(
        label=gettext_lazy("照片文件"),
        help_text=gettext_lazy("JPEG、PNG 或 WebP,最大 10 MB。拍摄地点等信息会自动去掉。"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": gettext_lazy("请选一个照片文件。"),
            "empty": gettext_lazy("文件是空的,请换一个。"),
            "invalid": gettext_lazy("请选一个照片文件。"),
        },
    )

    class Meta:
        model = Photo
        fields = ("alt", "credit", "taken_on")
        widgets = {"taken_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    field_order = ("upload", "alt", "credit", "taken_on")

    def clean_taken_on(self) -> date | None:
        """A photo is taken before it is shown."""
        day = self.cleaned_data["taken_on"]
        if day and day > clock.today():
            raise forms.ValidationError(_("拍摄日期还没到,请检查。"))
        return day

    def clean(self) -> dict[str, Any]:
        """Draw the picture anew once everything else is right."""
        data = super().clean()
        if not self.errors:
            try:
                self.stored = photos.store(data["upload"])
            except WrongPicture as mistake:
                self.add_error("upload", str(mistake))
        return data


def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A picture that a record names, as what it is and nothing else."""
    file = name.removesuffix(SMALL)
    small = name.endswith(SMALL)
    stored = photos.path(file, small=small)
    if not Photo.objects.filter(file=file).exists() or not default_storage.exists(stored):
        raise Missing(_("没有这张照片,可能已经换了或撤下了。"))
    response = FileResponse(default_storage.open(stored), content_type=JPEG)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"public, max-age={A_DAY_S}"
    return response


@takes_forms
@login_required
def manage(request: HttpRequest, code: str) -> HttpResponse:
    """The photos of a place, for those who keep its record."""
    sites = Site.objects.select_related("county").defer("county__boundary")
    site = get_object_or_404(sites, pk=code)
    if not access.may_edit(request.user, "site", site.county_id):
        raise PermissionDenied(_("照片由这个旗县区的数据员维护。"))
    form, status = PhotoForm(), 200
    if request.method == "POST":
        if request.POST.get("remove"):
            _remove(site, request.POST["remove"])
            return redirect("photos", code=code)
        form, status = PhotoForm(request.POST, request.FILES), UNPROCESSABLE
        if site.photos.count() >= MOST:
            form.add_error(None, _("一处最多 12 张照片;请先撤下一张。"))
        elif form.is_valid() and _add(site, form):
            return redirect("photos", code=code)
    context = {"site": site, "photos": site.photos.all(), "form": form}
    return render(request, "mapui/photos.html", context, status=status)


def _add(site: Site, form: PhotoForm) -> bool:
    photo = form.save(commit=False)
    photo.site, photo.checked_on = site, clock.today()
    photo.file = form.stored.file
    photo.width, photo.height = form.stored.width, form.stored.height
    photo.order = site.photos.count()
    try:
        with transaction.atomic():
            photo.save()
    except IntegrityError:
        form.add_error("upload", _("这张照片已经在这里了。"))
        return False
    return True


def _remove(site: Site, number: str) -> None:
    photo = site.photos.filter(pk=int(number) if number.isdecimal() else 0).first()
    if photo is None:
        raise Missing(_("这张照片已经撤下了。"))
    with photos.removed_with(site.photos.filter(pk=photo.pk)):
        photo.delete()
