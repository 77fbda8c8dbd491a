"""The office: books the orders from the queue in the database, and says how many there are."""
import threading
import time

from common import QUEUE, open_queue, query, serve


def book():
    while True:
        try:
            channel = open_queue()
            channel.basic_qos(prefetch_count=10)
            for method, _, body in channel.consume(QUEUE, inactivity_timeout=1):
                if method is not None:
                    query('insert into bookings (what) values (%s)', body)
                    channel.basic_ack(method.delivery_tag)
        except Exception as error:
            print('the queue or the database is away:', error)
            time.sleep(0.5)


def booked():
    return query('select count(*) from bookings')[0][0]


threading.Thread(target=book, daemon=True).start()
serve({'GET /booked': booked})
