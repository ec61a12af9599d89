-- The tables of a shop that knows nothing of any sync. What a reader of changes needs is two columns that most shops
-- have, id and updated_at, and that updated_at is set by the database: code that writes in another way cannot forget it.
PRAGMA journal_mode = WAL;

CREATE TABLE IF NOT EXISTS customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, first_name TEXT, last_name TEXT, email TEXT, phone TEXT, org_no TEXT,
  street TEXT, zip TEXT, city TEXT, country TEXT, is_guest INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')), updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')));

CREATE TABLE IF NOT EXISTS products (
  id INTEGER PRIMARY KEY AUTOINCREMENT, sku TEXT NOT NULL UNIQUE, name TEXT NOT NULL, price TEXT, vat TEXT, on_sale INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')), updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')));

CREATE TABLE IF NOT EXISTS orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL UNIQUE, customer_id INTEGER NOT NULL REFERENCES customers,
  status TEXT NOT NULL DEFAULT 'open', paid_by TEXT, total_ex_vat TEXT, total_inc_vat TEXT, -- as they were charged
  placed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')), updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')));

CREATE TABLE IF NOT EXISTS order_lines (
  id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL REFERENCES orders, product_id INTEGER REFERENCES products,
  kind TEXT NOT NULL DEFAULT 'product', description TEXT NOT NULL, quantity TEXT NOT NULL DEFAULT '1', price TEXT, vat TEXT);

CREATE INDEX IF NOT EXISTS customers_changed ON customers (updated_at, id);
CREATE INDEX IF NOT EXISTS products_changed ON products (updated_at, id);
CREATE INDEX IF NOT EXISTS orders_changed ON orders (updated_at, id);

CREATE TRIGGER IF NOT EXISTS customers_touch AFTER UPDATE ON customers WHEN new.updated_at = old.updated_at
BEGIN UPDATE customers SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ') WHERE id = new.id; END;
CREATE TRIGGER IF NOT EXISTS products_touch AFTER UPDATE ON products WHEN new.updated_at = old.updated_at
BEGIN UPDATE products SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ') WHERE id = new.id; END;
CREATE TRIGGER IF NOT EXISTS orders_touch AFTER UPDATE ON orders WHEN new.updated_at = old.updated_at
BEGIN UPDATE orders SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ') WHERE id = new.id; END;
-- An order is listed with its lines, so a change of a line is a change of the order.
CREATE TRIGGER IF NOT EXISTS lines_added AFTER INSERT ON order_lines
BEGIN UPDATE orders SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ') WHERE id = new.order_id; END;
CREATE TRIGGER IF NOT EXISTS lines_changed AFTER UPDATE ON order_lines
BEGIN UPDATE orders SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ') WHERE id = new.order_id; END;
CREATE TRIGGER IF NOT EXISTS lines_removed AFTER DELETE ON order_lines
BEGIN UPDATE orders SET updated_at = strftime('%Y-%m-%dT%H:%M:%fZ') WHERE id = old.order_id; END;
