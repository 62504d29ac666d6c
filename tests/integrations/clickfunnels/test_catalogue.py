from tables import Product, Variant
from tests.integrations.clickfunnels.payloads import deliver, event, product, variant


async def test_products_and_variants(acme):
    await deliver(acme, event("product.created", product()), event("products/variant.created", variant()))
    await deliver(acme, event("product.updated", product(2, name="Bees", archived=True), 2))
    await deliver(acme, event("products/variant.updated", variant(2, sku="b2"), 2))
    kept = await Product.objects().first()
    assert (kept.name, kept.archived, kept.visible_in_customer_center) == ("Bees", True, True)
    one = await Variant.objects().first()
    assert (one.product_clickfunnels_id, one.sku, one.product_type) == ("6503", "b2", "digital")


async def test_deleted_ones_are_marked(acme):
    await deliver(acme, event("product.deleted", {"id": 6503}, 5), event("products/variant.deleted", {"id": 11}, 5))
    assert (await Product.objects().first()).deleted_at is not None
    assert (await Variant.objects().first()).deleted_at is not None
