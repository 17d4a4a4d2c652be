"""The front page of Administration: the way to everything that the office keeps, for each person what opens for them."""


def test_each_person_finds_only_pages_that_open_for_them(client, adam, pia, gina, audrey):
    for person in (adam, pia, gina, audrey):
        client.force_login(person)
        links = [link for _, places in client.get("/administration/").context["sections"] for link in places]
        assert links
        assert [link.label for link in links if client.get(link.url).status_code != 200] == []


def test_the_front_page_leads_to_all_that_the_pmo_manager_keeps(client, pia):
    client.force_login(pia)
    labels = {link.label for _, places in client.get("/administration/").context["sections"] for link in places}
    assert labels >= {"People", "Roles", "Delegations", "Rules", "City holidays", "Departments", "Programs", "Imports"}
