"""/performance/…: how the office itself does"""

from django.urls import URLPattern, path

from governance.views import performance as views

urlpatterns: list[URLPattern] = [
    path("performance/", views.performance, name="performance"),
    path("performance.csv", views.performance, {"export": "csv"}, name="performance-csv"),
    path("performance.xlsx", views.performance, {"export": "xlsx"}, name="performance-xlsx"),
    path("performance/projects/", views.compliance_by_project, name="compliance-by-project"),
    path("performance/projects.csv", views.compliance_by_project, {"export": "csv"}, name="compliance-by-project-csv"),
    path("performance/projects.xlsx", views.compliance_by_project, {"export": "xlsx"}, name="compliance-by-project-xlsx"),
    path("performance/reviews/", views.reviews_by, name="reviews-by"),
    path("performance/reviews.csv", views.reviews_by, {"export": "csv"}, name="reviews-by-csv"),
    path("performance/reviews.xlsx", views.reviews_by, {"export": "xlsx"}, name="reviews-by-xlsx"),
    path("performance/<slug:metric>/", views.performance_rows, name="performance-rows"),
    path("performance/<slug:metric>.csv", views.performance_rows, {"export": "csv"}, name="performance-rows-csv"),
    path("performance/<slug:metric>.xlsx", views.performance_rows, {"export": "xlsx"}, name="performance-rows-xlsx"),
]
