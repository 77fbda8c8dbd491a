"""The shop: shows products, takes orders, and asks the office how many it has booked."""
import http.client
import os

from common import QUEUE, TIMEOUT_S, Kept, open_queue, query, serve

queue = Kept(open_queue)
office = Kept(lambda: http.client.HTTPConnection(os.environ['OFFICE'], timeout=TIMEOUT_S))


def products():
    return query('select name, price from products order by name')


def order():
    queue.use(lambda channel: channel.basic_publish('', QUEUE, b'one tea'))
    return 'taken'


def booked():
    def work(connection):
        connection.request('GET', '/booked')
        return connection.getresponse().read().decode()

    return office.use(work)


serve({'GET /products': products, 'POST /orders': order, 'GET /booked': booked})
