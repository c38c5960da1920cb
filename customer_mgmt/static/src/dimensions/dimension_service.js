import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

/**
 * When an administrator has changed the dimensions, every open browser asks for its screens anew at the next click;
 * Odoo would show the old ones until the page is loaded again.
 */
export const dimensionService = {
    dependencies: ["bus_service"],
    start(env, { bus_service }) {
        bus_service.subscribe("customer_mgmt.dimensions_changed", () => {
            rpcBus.trigger("CLEAR-CACHES", "get_views");
        });
    },
};

registry.category("services").add("customer_mgmt.dimensions", dimensionService);
