create database if not exists shop;
create user if not exists shop@'%' identified by 'shop-only';
grant all on shop.* to shop@'%';
create table if not exists shop.products (name varchar(40) primary key, price decimal(8,2) not null);
insert ignore into shop.products values ('cup', 7.50), ('kettle', 31.00), ('tea', 4.20);
create table if not exists shop.bookings (id bigint auto_increment primary key, what varchar(40) not null);
